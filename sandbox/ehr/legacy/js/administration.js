/* Admin: the accordion menu at the left, and the screens it opens, which stay in the document once opened. */
'use strict';

angular.module('pms')

  .constant('ADMIN_MENU', [
    { name: 'General', items: [
      { name: 'Basic Information', path: 'general/basic-information', template: 'templates/basic-information.html' },
      { name: 'Locations', path: 'general/locations', template: 'templates/locations.html' },
      { name: 'Contacts', path: 'general/contacts', template: 'templates/plain-list.html' },
      { name: 'Practice Preferences', path: 'general/preferences', template: 'templates/plain-list.html' }
    ] },
    { name: 'Employee/Roles', items: [
      { name: 'Employees', path: 'employees/employees', template: 'templates/employees.html' },
      { name: 'User Roles', path: 'employees/roles', template: 'templates/roles.html' }
    ] },
    { name: 'Vendors/Partners', items: [
      { name: 'Vendors', path: 'vendors/vendors', template: 'templates/plain-list.html', kind: 'Vendor' },
      { name: 'Insurance Companies', path: 'vendors/insurances', template: 'templates/plain-list.html', kind: 'Insurance' }
    ] },
    { name: 'RevolutionEHR Solutions', items: [
      { name: 'RevPayments', path: 'solutions/revpayments', template: 'templates/plain-list.html' }
    ] }
  ])

  .controller('AdministrationController', function ($scope, faults, unsaved, ADMIN_MENU) {
    const admin = this;
    const base = '/legacy/administration/';
    admin.banner = true;
    admin.screens = [];
    admin.groups = ADMIN_MENU.filter((group) => $scope.shell.session.user.adminGroups.includes(group.name))
      .map((group, number) => Object.assign({}, group, {
        open: faults.on('menu-groups-expanded') || (number === 0 && !faults.on('menu-groups-collapsed'))
      }));
    admin.toggle = (group) => { group.open = !group.open; };
    admin.open = (item) => {
      if (admin.screen && admin.screen.path === item.path) $scope.$broadcast('screen:shown', item.path);
      else $scope.shell.go(base + item.path);
    };
    $scope.$watch('shell.path', (path) => {
      if (!path || !path.startsWith(base)) return;
      const wanted = path.slice(base.length);
      const group = admin.groups.find((one) => one.items.some((item) => item.path === wanted));
      const item = group && group.items.find((one) => one.path === wanted);
      if (!item) return;
      group.open = true;
      if (admin.screens.includes(item)) $scope.$broadcast('screen:shown', item.path); else admin.screens.push(item);
      admin.screen = item;
    });
  })

  .controller('BasicInformationController', function ($scope, api, faults, toasts) {
    const load = () => api.get('practice').then((practice) => { $scope.practice = practice; }, (problem) => {
      $scope.error = problem.errors[0];
    });
    $scope.practice = {};
    $scope.fault = faults.on;
    $scope.save = () => api.put('practice', {}).then(() => toasts.saved('Basic Information saved.'));
    $scope.$on('screen:shown', (event, path) => { if (path === 'general/basic-information') load(); });
    load();
  })

  .controller('PlainListController', function ($scope, api) {
    const item = $scope.screen;
    $scope.rows = [];
    if (!item.kind) return;
    api.get('vendors', { size: 50 }).then(
      (answer) => { $scope.rows = answer.rows.filter((row) => row.kind === item.kind); },
      (problem) => { $scope.error = problem.errors[0]; }
    );
  })

  .controller('LocationsController', function ($scope, api, recordTabs) {
    const load = () => api.get('locations', { active: 'all' }).then((rows) => {
      $scope.rows = rows.filter((row) => row.active !== $scope.inactive);
    });
    $scope.inactive = false;
    $scope.filterBy = (inactive) => { $scope.inactive = inactive; load(); };
    $scope.tabs = recordTabs($scope, {
      kind: 'location',
      shown: load,
      load: (record) => api.get('locations/' + record.id).then((location) => { record.form = location; }),
      fingerprint: (record) => JSON.stringify(record.form)
    });
    $scope.$on('screen:shown', (event, path) => { if (path === 'general/locations') load(); });
    load();
  });
