/// What the web app and its server side say to each other, besides the records of the control API
/// that pass through unchanged. The OpenAPI document is made from these.
@NullMarked
package dev.sallyport.proxy.browser.api;

import org.jspecify.annotations.NullMarked;
