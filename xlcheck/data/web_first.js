/* In the words of 1999, so that any browser can read it: says at once where the page cannot run. */
(function () {
  function tooOld() {
    document.documentElement.className = "old";
  }
  var there = window.WebAssembly && window.Worker && window.Blob && window.Promise && window.BigInt64Array;
  if (!there || !Element.prototype.replaceChildren) tooOld();
  window.onerror = tooOld;
  window.tooOld = tooOld;
})();
