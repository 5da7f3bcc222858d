/// What the web servers of Proxy and Auth hold their clients to alike. Knows no route.
@NullMarked
package dev.sallyport.http;

import org.jspecify.annotations.NullMarked;
