/// Logins as files under `~/.tsh`: which Proxies somebody is signed in to, and with what. Keys are
/// made here and stay here; folders are 0700, files 0600, and each is replaced whole.
@NullMarked
package dev.sallyport.console.profile;

import org.jspecify.annotations.NullMarked;
