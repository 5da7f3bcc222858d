/// Certificate authorities: makes them and issues with them. The only package that loads
/// BouncyCastle, so that whoever only reads certificates starts fast.
@NullMarked
package dev.sallyport.pki.authority;

import org.jspecify.annotations.NullMarked;
