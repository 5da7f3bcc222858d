/// Scripts that install this cluster's version on hosts, and the packages that they download.
@NullMarked
package dev.sallyport.proxy.scripts;

import org.jspecify.annotations.NullMarked;
