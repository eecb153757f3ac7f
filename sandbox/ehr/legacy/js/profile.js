/* Edit Profile: who somebody is, and on its second tab the change of their own password. */
'use strict';

angular.module('pms')

  .controller('ProfileController', function ($scope, $uibModalInstance, api, faults, toasts, shell) {
    Object.assign($scope, { user: shell.session.user, tab: 0, errors: [], form: { current: '', password: '', confirm: '' } });
    $scope.fault = faults.on;
    $scope.maxlength = (confirms) =>
      faults.on('maxlength-12') || (confirms && faults.on('confirm-cut-differently')) ? 12 : 64;
    $scope.update = () => {
      $scope.sending = true;
      $scope.errors = [];
      return api.post('profile/password', $scope.form)
        .then(() => {
          toasts.saved('Your password has been updated.');
          $uibModalInstance.close();
          return shell.refresh();
        }, (problem) => { $scope.errors = problem.errors; })
        .finally(() => { $scope.sending = false; });
    };
  });
