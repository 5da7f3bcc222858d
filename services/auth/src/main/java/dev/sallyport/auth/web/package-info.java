/// Sessions of the web UI: what a browser's cookie stands for, and the short certificates that a
/// Proxy gets by showing it.
@NullMarked
package dev.sallyport.auth.web;

import org.jspecify.annotations.NullMarked;
