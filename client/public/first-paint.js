// A file of its own, because the content security policy forbids inline scripts. Keys: client/ui/theme/theme.ts, client/ui/strings/language.ts.
(function () {
  var stored = localStorage.getItem('workhall.theme');
  var isDark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
  var language = localStorage.getItem('workhall.language') || navigator.language || 'en';
  document.documentElement.lang = language.toLowerCase().indexOf('zh') === 0 ? 'zh' : 'en';
})();
