// The logo and the picture beside the login panel, drawn here so that nothing is fetched from elsewhere.

function svg(markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  return holder.content.firstElementChild;
}

export const logo = () =>
  svg(`<svg class="logo" viewBox="0 0 212 40" role="img" aria-label="RevolutionEHR">
    <path d="M3 20C8 11.5 14 7.5 20.5 7.500S33 11.5 38 20c-5 8.5-11 12.5-17.5 12.500S8 28.5 3 20z" fill="none" stroke="currentColor" stroke-width="2.6"/>
    <circle cx="20.5" cy="20" r="6.5" fill="#1aa0a1"/><circle cx="22.7" cy="17.8" r="1.9" fill="#fff"/>
    <text x="47" y="26.5" font-size="21" font-weight="700" letter-spacing="-.4" fill="currentColor">Revolution<tspan fill="#1aa0a1">EHR</tspan></text>
  </svg>`);

// A phoropter and a letter chart in an examination lane, out of focus.
export const scenery = () =>
  svg(`<svg viewBox="0 0 960 1080" preserveAspectRatio="xMidYMid slice">
    <defs>
      <linearGradient id="wall" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#cfe7ea"/><stop offset=".55" stop-color="#7fb9c2"/><stop offset="1" stop-color="#2b6a7c"/></linearGradient>
      <radialGradient id="lamp" cx=".5" cy=".5" r=".5"><stop offset="0" stop-color="#fff" stop-opacity=".95"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>
      <radialGradient id="lens" cx=".38" cy=".32" r=".8"><stop offset="0" stop-color="#eafcff"/><stop offset=".45" stop-color="#5fb7c4"/><stop offset="1" stop-color="#123a4b"/></radialGradient>
      <linearGradient id="metal" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#42576b"/><stop offset="1" stop-color="#182533"/></linearGradient>
      <filter id="far"><feGaussianBlur stdDeviation="5"/></filter><filter id="soft"><feGaussianBlur stdDeviation="2.4"/></filter>
    </defs>
    <rect width="960" height="1080" fill="url(#wall)"/>
    <circle cx="250" cy="190" r="340" fill="url(#lamp)"/>
    <g filter="url(#far)" opacity=".8">
      <rect x="560" y="150" width="230" height="330" rx="10" fill="#f7fbfb"/>
      <g fill="#33505f" font-family="Arial" font-weight="700" text-anchor="middle">
        <text x="675" y="240" font-size="84">E</text><text x="675" y="305" font-size="52" letter-spacing="14">FP</text>
        <text x="675" y="352" font-size="36" letter-spacing="12">TOZ</text><text x="675" y="390" font-size="26" letter-spacing="10">LPED</text>
        <text x="675" y="420" font-size="18" letter-spacing="8">PECFD</text><text x="675" y="444" font-size="13" letter-spacing="6">EDFCZP</text>
      </g>
      <rect x="0" y="900" width="960" height="180" fill="#1d4b5b"/>
    </g>
    <g filter="url(#soft)" transform="translate(80 440)">
      <path d="M392 0h26v150h-26z" fill="#1b2a38"/>
      <path d="M405 96c60-18 130-22 205-22 110 0 165 55 165 150v120c0 95-75 160-175 160-85 0-130-45-160-108-16-32-54-32-70 0-30 63-75 108-160 108C110 504 35 439 35 344V224C35 129 90 74 200 74c75 0 145 4 205 22z" fill="url(#metal)"/>
      <circle cx="245" cy="285" r="128" fill="#0f1a25"/><circle cx="245" cy="285" r="104" fill="url(#lens)"/><circle cx="245" cy="285" r="78" fill="none" stroke="#fff" stroke-opacity=".18" stroke-width="3"/><path d="M173 262a76 76 0 0 1 44-46" stroke="#fff" stroke-opacity=".6" stroke-width="10" stroke-linecap="round" fill="none"/>
      <circle cx="565" cy="285" r="128" fill="#0f1a25"/><circle cx="565" cy="285" r="104" fill="url(#lens)"/><circle cx="565" cy="285" r="78" fill="none" stroke="#fff" stroke-opacity=".18" stroke-width="3"/><path d="M493 262a76 76 0 0 1 44-46" stroke="#fff" stroke-opacity=".6" stroke-width="10" stroke-linecap="round" fill="none"/>
      <circle cx="92" cy="285" r="34" fill="#1aa0a1"/><circle cx="718" cy="285" r="34" fill="#1aa0a1"/>
      <circle cx="405" cy="180" r="22" fill="#0f1a25"/><circle cx="405" cy="180" r="12" fill="#1aa0a1"/>
    </g>
    <rect width="960" height="1080" fill="#283747" opacity=".22"/>
  </svg>`);
