/// Who may try how often: limits by client address, applied before any work is done for a stranger.
@NullMarked
package dev.sallyport.control.admission;

import org.jspecify.annotations.NullMarked;
