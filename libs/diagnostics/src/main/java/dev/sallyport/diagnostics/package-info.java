/// How a process is doing: `/healthz`, `/readyz` and `/metrics` on a listener of their own, what
/// stands behind them, and the counters that services keep. Knows no service: each is a
/// [Component][dev.sallyport.diagnostics.Component] that is asked.
@NullMarked
package dev.sallyport.diagnostics;

import org.jspecify.annotations.NullMarked;
