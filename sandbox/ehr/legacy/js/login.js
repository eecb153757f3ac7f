/* The login panel and what may stand between a password and the application: reset, code, agreements, lock. */
'use strict';

angular.module('pms')

  .controller('LoginController', function ($scope, $timeout, api, faults) {
    $scope.navData = { state: 'login' };
    $scope.formState = 'login';
    $scope.loginForm = { j_username: '', j_password: '', emergency: false };
    $scope.resetForm = { current: '', password: '', confirm: '' };
    $scope.gateForm = {};
    $scope.messages = { browserWarning: false, errors: [] };
    const inForm = { login: 'login', 'reset-password': 'reset-password', mfa: 'login-pending', sso: 'sso' };

    $scope.maxlength = (confirms) =>
      faults.on('maxlength-12') || (confirms && faults.on('confirm-cut-differently')) ? 12 : 64;

    // The last state before the application stays as it was: the login form keeps standing there, hidden and filled.
    function hear(session) {
      const m = $scope.messages;
      m.browserWarning = session.browserWarning;
      m.lastSessionTimedout = m.lastSessionLocked = m.multipleLogin = false;
      m.successMessage = '';
      session.messages.forEach((message) => {
        if (message.kind === 'sessionTimedOut') m.lastSessionTimedout = true;
        if (message.kind === 'sessionLocked') m.lastSessionLocked = true;
        if (message.kind === 'multipleLogin') m.multipleLogin = true;
        if (message.kind === 'success') m.successMessage = message.text;
        if (message.kind === 'error') m.errors = [message.text];
      });
      $scope.session = session;
      if (session.state === 'app') return;
      $scope.navData.state = inForm[session.state] ? 'login' : session.state;
      if (inForm[session.state]) $scope.formState = inForm[session.state];
      $scope.gateForm = {};
    }
    $scope.$on('session:is', (event, session) => hear(session));
    if ($scope.shell.session) hear($scope.shell.session);

    function sending(promise, failed) {
      $scope.loginInProgress = true;
      $scope.messages.errors = [];
      return promise
        .then((session) => $scope.shell.take(session), (problem) => {
          $scope.messages.errors = problem.kind ? [] : problem.errors;
          $scope.messages.multipleLogin = problem.kind === 'multipleLogin';
          if (failed) failed(problem);
        })
        .finally(() => { $scope.loginInProgress = false; });
    }

    $scope.login = () => {
      $scope.messages.lastSessionTimedout = $scope.messages.lastSessionLocked = false;
      $scope.messages.successMessage = '';
      return sending(api.gate('login', {
        username: $scope.loginForm.j_username,
        password: $scope.loginForm.j_password,
        emergency: $scope.loginForm.emergency
      }));
    };
    $scope.forceLogout = () => sending(api.gate('force-logout'));
    $scope.resetPassword = () => sending(api.gate('reset-password', $scope.resetForm), (problem) => {
      if (problem.status === 500 || problem.status === 401) {
        const errors = problem.errors;
        $timeout(() => $scope.shell.refresh().then(() => { $scope.messages.errors = errors; }), 300);
      }
    });
    $scope.sendCode = () => sending(api.gate('mfa', { code: $scope.gateForm.code }));
    $scope.accept = () => sending(api.gate('agreements', { accept: true }));
    $scope.decline = () => $scope.shell.logout();
    $scope.unlock = () => sending(api.gate('unlock', { password: $scope.gateForm.password }));
  })

  .directive('revAutoFocus', ($timeout, faults) => ({
    link: (scope, element) => $timeout(() => element[0].focus(), faults.on('late-autofocus') ? 500 : 0)
  }));
