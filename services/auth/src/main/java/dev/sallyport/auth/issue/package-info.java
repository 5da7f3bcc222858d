/// Certificates: who gets which, for how long, for which route. The authorities' keys are used
/// nowhere else.
@NullMarked
package dev.sallyport.auth.issue;

import org.jspecify.annotations.NullMarked;
