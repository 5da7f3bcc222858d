/**
 * Finds event loops that wait. A waiting loop stalls every connection it serves, and does so most
 * under load, where no unit test looks. Works by itself when it is on the test class path; depends
 * on nothing of ours.
 */
@NullMarked
package dev.sallyport.detector;

import org.jspecify.annotations.NullMarked;
