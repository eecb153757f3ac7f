/* User Roles: the list, and the form with its lazy tree of permissions. */
'use strict';

angular.module('pms')

  .controller('RolesController', function ($scope, api, faults, newGrid, recordTabs, saveRecord) {
    const grid = $scope.grid = newGrid('roles');
    $scope.mayEdit = $scope.shell.session.user.mayEdit;
    const chosen = (record) => Object.keys(record.ticked || {}).filter((id) => record.ticked[id]).sort();
    const tabs = $scope.tabs = recordTabs($scope, {
      kind: 'role',
      newTitle: 'New User Role',
      shown: grid.load,
      load: (record) => {
        record.ticked = {};
        record.form = { name: '' };
        record.detailsOpen = true;
        if (faults.on('frozen-page')) setTimeout(() => { for (;;) { /* the fault */ } }, 100);
        const modules = api.get('permissions').then((nodes) => { record.nodes = nodes.map(dress); });
        if (!record.id) return modules;
        return modules.then(() => api.get('roles/' + record.id)).then((role) => {
          record.form.name = role.name;
          role.permissions.forEach((id) => { record.ticked[id] = true; });
          return Promise.all(record.nodes.map((node) => learn(node)));
        }).then(() => $scope.$evalAsync());
      },
      fingerprint: (record) => JSON.stringify([record.form, chosen(record)])
    });

    function dress(node) { return Object.assign({}, node, { open: false, children: null, below: null }); }
    const learn = (node) => node.hasChildren && !node.below
      ? api.get('permissions/under', { parent: node.id }).then((ids) => { node.below = ids; })
      : Promise.resolve();

    // The arrow: children come from the server when a folder is opened for the first time.
    $scope.expand = (record, node) => {
      node.open = !node.open;
      if (!node.open || node.children) return;
      node.loading = true;
      learn(node);
      api.get('permissions', { parent: node.id })
        .then((children) => { node.children = children.map(dress); node.children.forEach(learn); })
        .finally(() => { node.loading = false; });
    };

    // A folder's box ticks everything below it.
    $scope.tick = (record, node) => {
      const on = !$scope.isTicked(record, node);
      if (node.permission) record.ticked[node.id] = on;
      node.folderOn = on;
      if (!node.hasChildren || faults.on('tree-no-cascade')) return;
      api.get('permissions/under', { parent: node.id }).then((ids) => {
        node.below = ids;
        ids.forEach((id) => { record.ticked[id] = on; });
      });
    };
    const below = (record, node) => (node.below || []).filter((id) => record.ticked[id]).length;
    $scope.isTicked = (record, node) => {
      if (node.permission) return Boolean(record.ticked[node.id]);
      if (faults.on('tree-no-cascade')) return Boolean(node.folderOn);
      return Boolean(node.below && node.below.length) && below(record, node) === node.below.length;
    };
    $scope.isPartly = (record, node) => Boolean(node.hasChildren) && !$scope.isTicked(record, node) && below(record, node) > 0;

    $scope.save = (record) => saveRecord(tabs, record, 'roles',
      { name: record.form.name, permissions: chosen(record) }, 'User Role saved.');
    $scope.fault = faults.on;
    $scope.$on('screen:shown', (event, path) => { if (path === 'employees/roles') grid.load(); });
    grid.load();
  });
