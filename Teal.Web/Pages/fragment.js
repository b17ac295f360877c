
    (function () {
      var here = window.location;
      // Up to the last slash in front of the parameters; the origin keeps a path such as //host from being one.
      var path = here.pathname.split("&")[0];
      var folder = here.origin + path.slice(0, path.lastIndexOf("/") + 1);
      here.replace(folder + "raw-callback?full_url=" + encodeURIComponent(here.href));
    })();
  
