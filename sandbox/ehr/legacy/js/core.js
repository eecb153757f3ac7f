/* The shell: what the server says about this session, which host is on the screen, toasts, the network indicator. */
'use strict';

angular.module('pms', ['ui.bootstrap'])

  .config(function ($locationProvider, $httpProvider) {
    $locationProvider.hashPrefix('');
    $httpProvider.defaults.headers.common['X-Requested-With'] = 'XMLHttpRequest';
    $httpProvider.interceptors.push('revInterceptor');
  })

  // The faults to act out come with every answer.
  .factory('faults', function () {
    let names = [];
    return {
      on: (name) => names.includes(name),
      hear: (text) => { if (text !== null && text !== undefined) names = text.split(' '); }
    };
  })

  .factory('network', () => ({ tasks: 0 }))

  .factory('revInterceptor', function ($q, $rootScope, faults, network) {
    const done = (answer) => {
      network.tasks -= 1;
      if (answer.headers) faults.hear(answer.headers('X-Sandbox-Faults'));
    };
    return {
      request: (config) => { network.tasks += 1; return config; },
      response: (answer) => { done(answer); return answer; },
      responseError: (answer) => {
        done(answer);
        if (answer.status === 401 && !answer.config.gate) $rootScope.$broadcast('session:lost');
        return $q.reject(answer);
      }
    };
  })

  // Every call gives the body, or is rejected with the server's sentences.
  .factory('api', function ($http, $q) {
    const call = (method, path, data, more) => $http(Object.assign({ method, url: '/pms/api/' + path, data }, more))
      .then((answer) => answer.data, (answer) => $q.reject({
        status: answer.status,
        kind: answer.data && answer.data.kind,
        errors: (answer.data && answer.data.errors) || ['The server could not be reached. Please try again.']
      }));
    return {
      get: (path, params) => call('GET', path, undefined, { params }),
      post: (path, data) => call('POST', path, data || {}),
      put: (path, data) => call('PUT', path, data),
      gate: (path, data) => call('POST', path, data || {}, { gate: true })
    };
  })

  .factory('toasts', function ($timeout, faults) {
    const shown = { success: [], error: [], info: [] };
    const show = (kind, text, life) => {
      shown[kind].push(text);
      $timeout(() => { shown[kind].splice(shown[kind].indexOf(text), 1); }, life);
    };
    return {
      shown,
      saved: (text) => {
        if (!faults.on('save-without-toast')) show('success', text, faults.on('toast-vanishes') ? 150 : 2500);
      },
      error: (text) => show('error', text, 3000),
      info: (text) => show('info', text, 2500)
    };
  })

  .constant('MODULES', [
    { id: 'patients', name: 'Patients', icon: 'fa-users', path: '/patients/search', host: 'patients' },
    { id: 'schedule', name: 'Schedule', icon: 'fa-calendar', path: '/schedule', host: 'schedule' },
    { id: 'accounting', name: 'Accounting', icon: 'fa-usd', path: '/accounting/invoices/dashboard', host: 'accounting' },
    { id: 'orders', name: 'Orders', icon: 'fa-shopping-cart', path: '/orders/ordersEnhanced/dashboard', host: 'orders' },
    { id: 'inventory', name: 'Inventory', icon: 'fa-cubes', path: '/legacy/inventory/products', host: 'inventory' },
    { id: 'tasks', name: 'Tasks', icon: 'fa-check-square-o', path: '/tasks', host: 'tasks' },
    { id: 'messaging', name: 'Messages', icon: 'fa-envelope', path: '/messaging', host: 'messaging' },
    { id: 'marketing', name: 'Reports', icon: 'fa-bar-chart', path: '/reports', host: 'reports' },
    { id: 'connect', name: 'RevConnect', icon: 'fa-share-alt', path: '/connect', host: 'connect' },
    { id: 'admin', name: 'Admin', icon: 'fa-gears', path: '/legacy/administration', host: 'administration' }
  ])

  .constant('CHILDREN', {
    invoices: { id: 'invoices', name: 'Invoices', path: '/accounting/invoices/dashboard' },
    payments: { id: 'payments', name: 'Payments', path: '/accounting/payments/dashboard' },
    claims: { id: 'claims', name: 'Claims', path: '/accounting/claims/dashboard' },
    products: { id: 'products', name: 'Products', path: '/legacy/inventory/products' },
    invitations: { id: 'invitations', name: 'Invitations', path: '/connect' }
  })

  .factory('unsaved', function ($rootScope, $uibModal, $q, $window, faults) {
    const dirty = new Set();
    $window.addEventListener('beforeunload', (event) => {
      if (dirty.size && faults.on('native-beforeunload')) { event.preventDefault(); event.returnValue = ''; }
    });
    const ask = () => $uibModal.open({
      templateUrl: 'templates/unsaved.html', size: 'sm', backdrop: 'static', animation: false
    }).result.then(() => { $rootScope.$broadcast('unsaved:discarded'); });
    return {
      mark: (key, isDirty) => { if (isDirty) dirty.add(key); else dirty.delete(key); },
      // Resolves when leaving is all right.
      leave: (keys) => {
        const any = (keys || [...dirty]).some((key) => dirty.has(key));
        return any && faults.on('unsaved-changes-dialog') ? ask() : $q.resolve();
      },
      forget: () => dirty.clear()
    };
  })

  .controller('ShellController', function (
    $scope, $location, $window, $interval, $uibModal, api, faults, network, toasts, unsaved, rolePicker, MODULES, CHILDREN
  ) {
    const shell = this;
    Object.assign(shell, {
      network, toasts: toasts.shown, framed: $window !== $window.top, session: null, inApp: false, opened: {}, modules: [], host: null, now: new Date()
    });
    $interval(() => { shell.now = new Date(); }, 20000);
    shell.fault = faults.on;

    shell.take = function (session) {
      const wasInApp = shell.inApp;
      shell.session = session;
      faults.hear(session.faults.join(' '));
      shell.inApp = session.state === 'app';
      if (shell.inApp && !wasInApp) enter(session.user);
      if (!shell.inApp) { shell.host = shell.module = shell.legacyTag = null; }
      $scope.$broadcast('session:is', session);
    };

    function enter(user) {
      shell.modules = MODULES.filter((one) => user.modules.includes(one.id)).map((one) => Object.assign({}, one, {
        open: false, children: ((user.menus || {})[one.id] || []).map((id) => CHILDREN[id])
      }));
      if (user.adminGroups.includes('Employee/Roles')) rolePicker.remember();
      follow();
      if (faults.on('release-notes-modal')) shell.releaseNotes();
    }

    function follow() {
      if (!shell.inApp) return;
      const path = $location.path();
      const host = /^\/legacy\/(administration|inventory)/.test(path) ? path.split('/')[2] : path.split('/')[1] || 'home';
      const module = shell.modules.find((one) => one.host === host);
      if (host !== 'home' && !module) { $location.path('/').replace(); return; }
      shell.host = host;
      shell.module = module && module.id;
      shell.legacyTag = path.startsWith('/legacy/') ? host : null;
      shell.opened[host] = true;
      shell.path = path;
    }
    $scope.$on('$locationChangeSuccess', follow);

    shell.display = (host) => ({ display: shell.inApp && shell.host === host ? 'block' : 'none' });
    shell.go = (path) => unsaved.leave().then(() => { unsaved.forget(); $location.path(path); });
    shell.openModule = (module) => {
      if (module.children.length > 1) module.open = true; else shell.go(module.path);
    };
    shell.toggleMenu = (name, $event) => {
      $event.stopPropagation();
      shell.menu = shell.menu === name ? null : name;
    };
    angular.element($window.document).on('click', () => { if (shell.menu) $scope.$apply(() => { shell.menu = null; }); });

    shell.logout = () => unsaved.leave().then(() => {
      unsaved.forget();
      return api.gate('logout').finally(() => { $window.location.hash = '#/'; $window.location.reload(); });
    });
    shell.lock = () => api.gate('lock').then(shell.take);
    shell.inFrame = () => faults.on('admin-in-iframe') && !shell.framed;
    shell.reload = () => $window.location.reload();
    shell.notHere = (what) => toasts.info(what + ' is not part of this practice.');
    shell.editProfile = () => faults.on('no-edit-profile') ? shell.notHere('Edit Profile') : $uibModal.open({
      templateUrl: 'templates/profile.html', controller: 'ProfileController', backdrop: 'static', animation: false,
      resolve: { shell: () => shell }
    });
    shell.releaseNotes = () => $uibModal.open({
      templateUrl: 'templates/release-notes.html', backdrop: 'static', animation: false
    });
    shell.refresh = () => api.get('session').then(shell.take);
    $scope.$on('session:lost', () => shell.refresh().then(() => {
      if (shell.session.state === 'lock') return;
      shell.opened = {};
      unsaved.forget();
      $location.path('/');
    }));
    shell.refresh();
  });
