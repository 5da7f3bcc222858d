/// The local end of a tunnel: a plain HTTP/1.1 listener on loopback that any DynamoDB client can
/// speak to, and the pool of upstream connections behind it. It decides nothing about databases or
/// people: it keeps web pages and broken framing out, moves requests and answers, and explains in
/// DynamoDB's own error format why it could not. One event loop owns everything here, so no state
/// is shared between threads.
@NullMarked
package dev.sallyport.tsh.localproxy;

import org.jspecify.annotations.NullMarked;
