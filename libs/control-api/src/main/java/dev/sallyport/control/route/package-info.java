/// The way to a Proxy: straight, or through a load balancer that ends TLS.
@NullMarked
package dev.sallyport.control.route;

import org.jspecify.annotations.NullMarked;
