/// The Auth Service's door: TLS with client certificates only, the table of routes, and what each
/// of them does. The only place where requests, answers and statuses are known.
@NullMarked
package dev.sallyport.auth.api;

import org.jspecify.annotations.NullMarked;
