/* What every list screen shares: a grid of pages, and opened records that stay as tabs. */
'use strict';

angular.module('pms')

  .factory('newGrid', (api) => function newGrid(path, params) {
    const grid = { rows: [], total: 0, page: 0, size: 10, search: '', params: params || {}, loading: false, error: '' };
    grid.load = () => {
      grid.loading = true;
      const asked = Object.assign({ search: grid.search, page: grid.page, size: grid.size }, grid.params);
      return api.get(path, asked).then(
        (answer) => { grid.rows = answer.rows; grid.total = answer.total; grid.error = ''; },
        (problem) => { grid.rows = []; grid.total = 0; grid.error = problem.errors.join(' '); }
      ).finally(() => { grid.loading = false; });
    };
    grid.pages = () => {
      const count = Math.max(1, Math.ceil(grid.total / grid.size));
      if (!grid.numbers || grid.numbers.length !== count) grid.numbers = [...Array(count).keys()];
      return grid.numbers;
    };
    grid.go = (page) => {
      if (page < 0 || (page > 0 && page >= grid.pages().length)) return;
      grid.page = page;
      grid.load();
    };
    grid.last = () => Math.min(grid.total, (grid.page + 1) * grid.size);
    return grid;
  })

  // Tabs of opened records. A closed one leaves its form in the document, hidden, until the next one is closed.
  .factory('recordTabs', (unsaved) => function recordTabs(scope, options) {
    let count = 0;
    const tabs = { open: [], panes: [], active: null };
    const show = (record) => { tabs.active = record; };
    const start = (record) => {
      count += 1;
      record.key = options.kind + '-' + count;
      tabs.open.push(record);
      tabs.panes.push(record);
      show(record);
      record.errors = [];
      record.loading = true;
      const loading = options.load(record);
      record.before = options.fingerprint(record);
      loading.finally(() => {
        record.loading = false;
        if (record.id || options.hasDefaults) record.before = options.fingerprint(record);
      });
      return record;
    };
    tabs.show = (record) => {
      show(record);
      if (!record && options.shown) options.shown();
    };
    tabs.add = () => start({ id: null, title: options.newTitle });
    tabs.openRecord = (id, title) => {
      const there = tabs.open.find((one) => one.id === id);
      if (there) show(there); else start({ id, title });
    };
    tabs.isDirty = (record) => !(record.loading && (record.id || options.hasDefaults)) && record.before !== options.fingerprint(record);
    tabs.drop = (record) => {
      unsaved.mark(record.key, false);
      tabs.open = tabs.open.filter((one) => one !== record);
      record.dropped = true;
      tabs.panes = tabs.panes.filter((one) => !one.dropped || one === record);
      if (tabs.active === record) tabs.show(null);
    };
    tabs.close = (record, $event) => {
      if ($event) $event.stopPropagation();
      unsaved.leave([record.key]).then(() => tabs.drop(record));
    };
    scope.$watch(() => {
      tabs.open.forEach((record) => unsaved.mark(record.key, tabs.isDirty(record)));
      return tabs.open.length;
    }, angular.noop);
    scope.$on('unsaved:discarded', () => tabs.open.filter(tabs.isDirty).forEach(tabs.drop));
    scope.$on('$destroy', () => tabs.open.forEach((record) => unsaved.mark(record.key, false)));
    return tabs;
  })

  // Save: spinner, then the tab closes and a toast says so, or the errors stand at the top of the form.
  .factory('saveRecord', (api, faults, toasts) => function saveRecord(tabs, record, path, body, said) {
    if (record.saving && !faults.on('save-twice-makes-two')) return;
    record.saving = true;
    record.errors = [];
    (record.id ? api.put(path + '/' + record.id, body) : api.post(path, body))
      .then(() => { tabs.drop(record); toasts.saved(said); }, (problem) => {
        record.errors = problem.errors;
        if (problem.status >= 500) toasts.error(problem.errors[0]);
      })
      .finally(() => { record.saving = false; });
  })

  .controller('HomeController', function ($scope, api) {
    const load = (user) => {
      $scope.pods = Object.fromEntries(user.pods.map((pod) => [pod, true]));
      if (user.pods.length) api.get('home').then((home) => { $scope.home = home; });
    };
    load($scope.shell.session.user);
  })

  .controller('AccountingController', function ($scope, api) {
    const screens = {
      invoices: { title: 'Invoices', columns: [['number', 'Invoice #'], ['date', 'Date'], ['payee', 'Payee'], ['total', 'Total'], ['due', 'Balance']] },
      payments: { title: 'Payments', columns: [['number', 'Payment #'], ['date', 'Date'], ['total', 'Amount']], path: null },
      claims: { title: 'Claims', columns: [['number', 'Claim #'], ['date', 'Date'], ['payer', 'Payer'], ['status', 'Status']] }
    };
    Object.values(screens).forEach((one) => { one.columns = one.columns.map(([key, name]) => ({ key, name })); });
    $scope.$watch('shell.path', (path) => {
      const name = path && path.startsWith('/accounting/') && path.split('/')[2];
      if (!screens[name]) return;
      const screen = $scope.screen = Object.assign(screens[name], { rows: [], error: '' });
      if (screen.path === null) return;
      api.get(name).then((answer) => { screen.rows = answer.rows; }, (problem) => { screen.error = problem.errors[0]; });
    });
  });
