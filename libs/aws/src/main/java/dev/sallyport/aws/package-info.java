/// A service's own AWS credentials, from where every AWS program looks for them, and its calls to
/// STS. Everything here blocks; nothing of it runs on an event loop.
@NullMarked
package dev.sallyport.aws;

import org.jspecify.annotations.NullMarked;
