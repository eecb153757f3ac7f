/* The form widgets of the legacy screens: labels that belong to nothing, a select that is a div, a tree of boxes. */
'use strict';

angular.module('pms')

  // A label and an input that know nothing of each other; `for`, where there is one, repeats the input's name.
  .directive('revInput', () => ({
    scope: {
      label: '@', name: '@', key: '@', type: '@', model: '=', required: '=?', maxlength: '=?', disabled: '=?',
      hint: '@', withFor: '@'
    },
    template: `<div class="form-group" data-test-id="{{key}}">
      <label class="control-label" ng-attr-for="{{withFor ? name : undefined}}">{{label}}<span class="text-danger" ng-if="required"> *</span></label>
      <input class="form-control" type="{{type || 'text'}}" name="{{name}}" ng-model="field.value"
        ng-attr-maxlength="{{maxlength}}" ng-disabled="disabled" placeholder="{{hint}}" autocomplete="off"></div>`,
    link: (scope) => {
      scope.field = Object.defineProperty({}, 'value', {
        get: () => scope.model, set: (value) => { scope.model = value; }
      });
    }
  }))

  .directive('revStatic', () => ({
    scope: { label: '@', key: '@', value: '=' },
    template: `<rev-form-control><div class="form-group" data-test-id="{{key}}">
      <label class="control-label">{{label}}</label><span class="form-control-static">{{value}}</span></div></rev-form-control>`
  }))

  .directive('revCheckboxSingle', () => ({
    scope: { label: '@', model: '=', disabled: '=?', changed: '&' },
    template: `<label class="checkbox"><input type="checkbox" ng-model="box.value" ng-disabled="disabled"> {{label}}</label>`,
    link: (scope) => {
      scope.box = Object.defineProperty({}, 'value', {
        get: () => scope.model, set: (value) => { scope.model = value; scope.changed({ value }); }
      });
    }
  }))

  // A select that is a div: opens on click, a single option reacts to mousedown, closes on a click elsewhere.
  .directive('multiFuncSelect', ($document, $timeout) => ({
    scope: {
      label: '@', key: '@', options: '=', model: '=', multiple: '=?', required: '=?', disabled: '=?', changed: '&',
      showCheckAll: '=?', placeholder: '@'
    },
    template: `<div class="form-group" data-test-id="{{key}}">
      <label class="control-label">{{label}}<span class="text-danger" ng-if="required"> *</span></label>
      <div class="multiselectwrapper" ng-class="{open: open}">
        <div class="form-control multiselect" tabindex="0" ng-click="toggle($event)" ng-attr-disabled="{{disabled ? 'disabled' : undefined}}"><span class="multiselect-text" ng-class="{'text-muted': !text()}">{{text() || placeholder || 'Select...'}}</span><b class="fa fa-caret-down"></b></div>
        <ul class="multiselect-container" ng-if="open">
          <li class="multiselect-filter" ng-if="options.length > 10"><input class="form-control multiselect-search" type="text" placeholder="Search" ng-model="filter.text"></li>
          <li ng-if="multiple && showCheckAll" class="multiselect-all"><a ng-mousedown="all(true, $event)">Select All</a> <a ng-mousedown="all(false, $event)">Clear All</a></li>
          <li ng-repeat="option in options | filter:{name: filter.text} track by option.id" ng-if="!multiple" ng-class="{active: model === option.id}"><label class="dropdown-item" ng-mousedown="pick(option, $event)"><a>{{option.name}}</a></label></li>
          <li ng-repeat="option in options | filter:{name: filter.text} track by option.id" ng-if="multiple"><label class="checkbox dropdown-item"><input type="checkbox" ng-checked="has(option)" ng-click="flip(option)"> {{option.name}}</label></li>
        </ul>
      </div></div>`,
    link: (scope, element) => {
      scope.filter = { text: '' };
      const outside = (event) => {
        if (scope.open && !element[0].contains(event.target)) scope.$apply(() => { scope.open = false; });
      };
      $document.on('mousedown', outside);
      scope.$on('$destroy', () => $document.off('mousedown', outside));
      const after = () => $timeout(() => scope.changed({ value: scope.model }));
      const named = (id) => ((scope.options || []).find((one) => one.id === id) || {}).name || '';
      scope.toggle = () => { if (!scope.disabled) { scope.open = !scope.open; scope.filter.text = ''; } };
      scope.text = () => scope.multiple ? (scope.model || []).map(named).filter(Boolean).join(', ') : named(scope.model);
      scope.pick = (option, $event) => { $event.preventDefault(); scope.model = option.id; scope.open = false; after(); };
      scope.has = (option) => (scope.model || []).includes(option.id);
      scope.flip = (option) => {
        scope.model = scope.has(option) ? scope.model.filter((id) => id !== option.id) : [...(scope.model || []), option.id];
        after();
      };
      scope.all = (ticked, $event) => {
        $event.preventDefault();
        scope.model = ticked ? scope.options.map((one) => one.id) : [];
        after();
      };
    }
  }))

  .directive('revPagination', () => ({
    scope: { grid: '=' },
    template: `<div class="rev-pagination" ng-show="grid.total > 0">
      <select class="form-control page-size" ng-model="grid.size" ng-options="size for size in [10, 25, 50]" ng-change="grid.go(0)"></select>
      <ul class="pagination">
        <li ng-class="{disabled: grid.page === 0}"><a data-test-id="pagination-previous" ng-click="grid.go(grid.page - 1)"><i class="fa fa-angle-left"></i></a></li>
        <li ng-repeat="number in grid.pages()" ng-class="{active: number === grid.page}"><a data-test-id="page-{{number}}" ng-click="grid.go(number)">{{number + 1}}</a></li>
        <li ng-class="{disabled: grid.page >= grid.pages().length - 1}"><a data-test-id="pagination-next" ng-click="grid.go(grid.page + 1)"><i class="fa fa-angle-right"></i></a></li>
      </ul>
      <span class="text-muted">{{grid.page * grid.size + 1}} - {{grid.last()}} of {{grid.total}}</span></div>`
  }))

  .directive('revSearch', ($timeout, faults) => ({
    scope: { grid: '=', label: '@' },
    template: `<div class="list-search"><input type="text" class="form-control" placeholder="{{label}}" ng-model="grid.search" ng-keydown="key($event)" ng-change="typed()">
      <button type="button" class="btn btn-default" rev-button="search" ng-click="grid.go(0)" ng-if="!fault('search-needs-enter') && !fault('search-debounce')"><i id="rev-button-icon" class="fa fa-search"></i></button>
      <button type="button" class="btn btn-default" rev-button="clear" ng-click="grid.search = ''; grid.go(0)" ng-if="!fault('search-debounce')">Clear</button></div>`,
    link: (scope) => {
      let waiting = null;
      scope.fault = faults.on;
      scope.key = ($event) => {
        if ($event.key === 'Enter') { $event.preventDefault(); if (!faults.on('search-debounce')) scope.grid.go(0); }
      };
      scope.typed = () => {
        if (!faults.on('search-debounce')) return;
        $timeout.cancel(waiting);
        waiting = $timeout(() => scope.grid.go(0), 800);
      };
    }
  }))

  .directive('indeterminate', () => ({
    link: (scope, element, attributes) =>
      scope.$watch(attributes.indeterminate, (value) => { element[0].indeterminate = Boolean(value); })
  }))

  // The chat badge; with its fault it keeps itself over the visible Save button.
  .directive('chatBadge', ($window, faults) => ({
    link: (scope, element) => {
      const badge = element[0];
      const follow = () => {
        const save = faults.on('save-covered-by-badge') &&
          [...$window.document.querySelectorAll('button[rev-button="save"]')].find((one) => one.offsetParent);
        const box = save && save.getBoundingClientRect();
        badge.style.cssText = box
          ? `position:absolute;left:${box.left + $window.scrollX - 6}px;top:${box.top + $window.scrollY - 4}px;right:auto;bottom:auto;width:${box.width + 60}px;height:${box.height + 8}px`
          : '';
        if (faults.on('save-covered-by-badge')) $window.requestAnimationFrame(follow);
        else $window.setTimeout(follow, 250);
      };
      follow();
    }
  }));
