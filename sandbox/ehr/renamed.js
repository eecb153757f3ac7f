// A tenant that calls things by other words: every text and name that is just one of the stand-in's own words is put
// into the tenant's as soon as it shows. Permissions have words of their own, for "General" is a menu entry as well.
((labels, permissions) => {
  const NAMES = ['placeholder', 'aria-label', 'title', 'data-tooltip-content'];
  const TREE = '.permission, [role=treegrid], [role=tree]';
  const plain = (words) => words.trim().replace(/\s+/g, ' ').toLowerCase();
  const inverse = (words) => new Map(Object.entries(words).map(([ours, theirs]) => [plain(ours), theirs]));
  const known = { label: inverse(labels), permission: inverse(permissions) };

  const other = (words, el) => {
    const [, before, core, after] = /^(\s*)([^]*?)([\s*:]*)$/.exec(words);
    const found = known[el?.closest(TREE) ? 'permission' : 'label'].get(plain(core));
    return found === undefined ? words : before + found + after;
  };
  const rename = (node) => {
    if (node.nodeType === 3) {
      const words = other(node.data, node.parentElement);
      if (words !== node.data) node.data = words;
      return;
    }
    if (node.nodeType !== 1 || ['SCRIPT', 'STYLE', 'TEXTAREA'].includes(node.tagName)) return;
    for (const name of NAMES) {
      const said = node.getAttribute(name);
      if (said && other(said, node) !== said) node.setAttribute(name, other(said, node));
    }
    node.childNodes.forEach(rename);
  };
  const watch = (root) => {
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) type === 'childList' ? addedNodes.forEach(rename) : rename(target);
    }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES });
    return root;
  };
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) { return watch(attach.call(this, options)); };
  watch(document);
})
