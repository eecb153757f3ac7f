// What kind of control an element is by its tag, role and type; the names that kits give to checks and to arrows.
(page) => {
  const { chain, tokens } = page;

  const TEXTY = new Set(['', 'text', 'email', 'tel', 'number', 'search', 'url', 'date', 'time', 'datetime-local', 'month', 'week']);
  const CHECK_CLASS = /(^|[-_])(check-?box|checkmark-?box|chk|checkbox-?(box|inner|frame|icon|control|indicator))($|[-_])|(^|-)(check-?square|square-?check|square-o|square|check-square-o|minus-square-o|toggle-o(n|ff)|checkbox-(blank|marked|checked|unchecked).*|glyphicon-(un)?check(ed)?)$/;
  const CHECK_ON = /(^|[-_])(checked|clicked|selected|highlight|ticked|is-checked|on|e-check|check-square|square-check|check-square-o|marked|toggle-on)$|glyphicon-check$|checkbox-marked|check-square/;
  const TICK = /(^|[-_])(check|tick|checkmark)([-_]?(icon|mark))?$/;   // a mark that only shows where something is taken
  const CHECK_OFF = /unchecked|blank|not-checked|^(fa-|glyphicon-)?square-o$|(^|-)off$/;
  const CHECK_MIXED = /indeterminate|undetermined|mixed|partial|minus-square|e-stop$|half/;
  const SELECTISH = /(^|[-_])(multi-?select|select|drop-?down|combo-?box|picker|chosen)([-_]|$)|-c-menu-toggle$/;

  const DROPS = /(^|[-_])(multi-?select|drop-?down|combo-?box)([-_]|$)/;
  // a field that takes no words itself, in a frame of one line that is called a dropdown
  const drops = (node) => chain(node).slice(1, 5).some((n) => n.rect.height < 60 && tokens(n.el).some((t) => DROPS.test(t)));

  const kindOf = (node) => {
    const { el } = node, tag = el.tagName, role = el.getAttribute('role') || '';
    if (tag === 'INPUT') {
      const type = (el.getAttribute('type') || '').toLowerCase();
      if (type === 'hidden' || type === 'file') return '';
      if (type === 'checkbox') return 'check';
      if (type === 'radio') return 'radio';
      if (['button', 'submit', 'reset', 'image'].includes(type)) return '';
      if (type === 'password') return 'password';
      if (role === 'combobox' || (el.readOnly && (el.getAttribute('aria-haspopup') || drops(node)))) return 'choice';
      return TEXTY.has(type) ? 'text' : '';
    }
    if (tag === 'TEXTAREA') return 'text';
    if (tag === 'SELECT') return el.multiple || el.size > 1 ? 'list' : 'choice';
    if (role === 'checkbox' || role === 'switch' || role === 'menuitemcheckbox') return 'check';
    if (role === 'radio') return 'radio';
    if (role === 'combobox') return 'choice';
    if (role === 'textbox' || role === 'searchbox') return el.isContentEditable ? 'text' : '';
    if (role === 'listbox') return el.hasAttribute('aria-haspopup') && el.hasAttribute('aria-expanded') ? 'choice' : 'list';   // it opens one
    if (el.getAttribute('aria-haspopup') === 'listbox') return 'choice';
    return '';
  };
  const EXPANDER = /(^|[-_])(expand(able|er|ed|icon)?|collaps(e|ible|ed|er)|toggler?|arrow|caret|chevron|switcher|ocl|twist(y|ie)?|disclosure|angle|elbow-(end-)?(plus|minus))([-_]|$)/;

  return { CHECK_CLASS, CHECK_ON, TICK, CHECK_OFF, CHECK_MIXED, SELECTISH, kindOf, EXPANDER };
}
