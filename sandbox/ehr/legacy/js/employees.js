/* Employees: the list with its icons that act at once, and the form in tabs and accordions. */
'use strict';

angular.module('pms')

  .constant('WEEKDAYS', ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])

  // The roles to pick from. With new-role-missing-until-reload they are those of the moment when the page was loaded.
  .factory('rolePicker', function (api, faults) {
    let atLoad = null;
    const fetch = () => api.get('roles', { size: 500 }).then((answer) => answer.rows);
    return {
      remember: () => { if (!atLoad) fetch().then((rows) => { atLoad = rows; }); },
      options: () => faults.on('new-role-missing-until-reload') && atLoad ? Promise.resolve(atLoad) : fetch()
    };
  })

  .controller('EmployeesController', function (
    $scope, $q, $uibModal, api, faults, newGrid, recordTabs, saveRecord, rolePicker, toasts, WEEKDAYS
  ) {
    const grid = $scope.grid = newGrid('employees', { active: true });
    const OTHER = ['title', 'middleName', 'suffix', 'gender', 'dateOfBirth', 'phone', 'email', 'npi', 'employmentType'];
    $scope.mayEdit = $scope.shell.session.user.mayEdit;
    $scope.weekdays = WEEKDAYS;
    $scope.titles = ['Dr.', 'Mr.', 'Mrs.', 'Ms.'].map((name) => ({ id: name, name }));
    $scope.genders = ['Female', 'Male', 'Unknown'].map((name) => ({ id: name, name }));
    $scope.employmentTypes = ['Full Time', 'Part Time', 'Contractor'].map((name) => ({ id: name, name }));
    $scope.fault = faults.on;
    $scope.maxlength = (confirms) =>
      faults.on('maxlength-12') || (confirms && faults.on('confirm-cut-differently')) ? 12 : 64;

    const tabs = $scope.tabs = recordTabs($scope, {
      kind: 'employee',
      newTitle: 'New Employee',
      hasDefaults: true,
      shown: grid.load,
      load: (record) => {
        record.form = { days: {}, roleIds: [], locationIds: [] };
        record.accordion = { information: true, restrictions: false, roles: false };
        record.tab = 0;
        record.editing = {};
        record.locationSearch = { name: '' };
        return $q.all([
          api.get(record.id ? 'employees/' + record.id : 'employees/new'),
          api.get('locations', { active: 'true' }),
          rolePicker.options()
        ]).then(([employee, locations, roles]) => {
          Object.assign(record.form, employee);
          if (employee.reload) setTimeout(() => window.location.reload(), 1200);
          record.required = employee.required || ['firstName', 'lastName', 'username'];
          record.locations = locations;
          record.roles = roles;
          record.atLocation = Object.fromEntries(record.form.locationIds.map((id) => [id, true]));
          record.hasTimes = WEEKDAYS.some((day) => record.form.days[day].from || record.form.days[day].to);
        }, (problem) => { record.errors = problem.errors; });
      },
      fingerprint: (record) => JSON.stringify([record.form, record.atLocation])
    });

    $scope.requires = (record, field) => Boolean(record.required) && record.required.includes(field);
    $scope.shut = (record, section) => !$scope.mayEdit || (faults.on('section-edit-buttons') && !record.editing[section]);
    $scope.primaryChosen = (record) => {
      if (faults.on('primary-auto-ticks')) record.atLocation[record.form.primaryLocationId] = true;
    };
    $scope.tickAll = (record, on) => record.locations.forEach((place) => { record.atLocation[place.id] = on; });

    $scope.save = (record) => {
      if (Object.values(record.editing).some(Boolean)) {
        record.errors = ['Please update or cancel the section that you are editing.'];
        return;
      }
      const form = record.form;
      const body = {
        firstName: form.firstName, lastName: form.lastName, username: form.username, emergency: Boolean(form.emergency),
        temporaryPassword: form.temporaryPassword, confirmTemporaryPassword: form.confirmTemporaryPassword,
        days: form.days, roleIds: form.roleIds, primaryLocationId: form.primaryLocationId,
        locationIds: Object.keys(record.atLocation).filter((id) => record.atLocation[id])
      };
      OTHER.forEach((field) => { body[field] = form[field]; });
      saveRecord(tabs, record, 'employees', body, 'Employee saved.');
    };

    // The icon in the row: no question is asked.
    $scope.flip = (row, $event) => {
      $event.stopPropagation();
      api.post('employees/' + row.id + (row.active ? '/deactivate' : '/activate')).then(() => {
        toasts.saved(row.active ? 'Employee deactivated.' : 'Employee activated.');
        grid.load();
      }, (problem) => toasts.error(problem.errors[0]));
    };
    // The button in the record: with activate-asks it asks first.
    $scope.flipRecord = (record) => {
      const verb = record.form.active ? 'Deactivate' : 'Activate';
      const sure = faults.on('activate-asks') ? $uibModal.open({
        templateUrl: 'templates/activate.html', size: 'sm', backdrop: 'static', animation: false,
        controller: ['$scope', (scope) => { Object.assign(scope, { verb, name: record.title }); }]
      }).result : $q.resolve();
      sure.then(() => api.post('employees/' + record.id + '/' + verb.toLowerCase())).then(() => {
        tabs.drop(record);
        toasts.saved('Employee ' + verb.toLowerCase() + 'd.');
      }, (problem) => { if (problem && problem.errors) record.errors = problem.errors; });
    };
    $scope.filterBy = (active) => { grid.params.active = active; grid.go(0); };
    $scope.$on('screen:shown', (event, path) => { if (path === 'employees/employees') grid.load(); });
    grid.load();
  })

  // With section-edit-buttons a section is shut until Edit is pressed, and is kept by Update.
  .directive('sectionEdit', (faults) => ({
    scope: { record: '=', section: '@' },
    template: `<div class="section-edit" ng-if="fault('section-edit-buttons')">
      <button type="button" class="btn btn-default btn-sm" ng-if="!record.editing[section]" ng-click="record.editing[section] = true"><i class="fa fa-pencil"></i> Edit</button>
      <button type="button" class="btn btn-success btn-sm" ng-if="record.editing[section]" ng-click="record.editing[section] = false"><i class="fa fa-check"></i> Update</button></div>`,
    link: (scope) => { scope.fault = faults.on; }
  }));
