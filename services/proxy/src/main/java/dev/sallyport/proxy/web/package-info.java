/// The web door behind the port: public API, and the pages where an invited user sets a password.
/// It has no power of its own; what it does for strangers, it asks of the Auth Service, and tells
/// it the address they came from.
@NullMarked
package dev.sallyport.proxy.web;

import org.jspecify.annotations.NullMarked;
