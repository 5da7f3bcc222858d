/// The server side of the web app: one table of operations, from which the routes and the OpenAPI
/// document are made; the session cookie; and the keys of sessions, which live here in memory
/// alone. It has no power of its own: whatever a browser asks for, it asks of the Auth Service with
/// that browser's own short certificate.
@NullMarked
package dev.sallyport.proxy.browser;

import org.jspecify.annotations.NullMarked;
