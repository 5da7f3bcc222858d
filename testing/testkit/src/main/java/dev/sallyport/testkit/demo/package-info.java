/**
 * The demo: a whole site on this machine for somebody who wants to see it work. Uses the installed
 * commands and the stand-in for AWS, as the end-to-end tests do.
 */
@NullMarked
package dev.sallyport.testkit.demo;

import org.jspecify.annotations.NullMarked;
