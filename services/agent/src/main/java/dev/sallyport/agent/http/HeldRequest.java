package dev.sallyport.agent.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// A request that is there whole: its head, every byte of its body, and the hash of these bytes,
/// made while they came in. Only [RequestReader] makes one, so the hash is always the body's.
///
/// Whoever got it must [#release] it once; then the memory counts as free in the [BodyBudget].
public final class HeldRequest implements Inbound {
  private final RequestHead head;
  private final byte[] body;
  private final byte[] sha256;
  private final BodyBudget.Lease lease;

  HeldRequest(RequestHead head, byte[] body, byte[] sha256, BodyBudget.Lease lease) {
    this.head = head;
    this.body = body;
    this.sha256 = sha256;
    this.lease = lease;
  }

  /// The request line and headers.
  public RequestHead head() {
    return head;
  }

  /// The body itself, which may be 17 MiB long, hence no copy. Nobody writes to it.
  public byte[] body() {
    return body;
  }

  /// SHA-256 of the body. Nobody writes to it.
  public byte[] bodySha256() {
    return sha256;
  }

  /// The body as a buffer for writing out, over the same memory.
  public ByteBuf bodyBuffer() {
    return Unpooled.wrappedBuffer(body).asReadOnly();
  }

  /// Gives the memory back to the budget.
  public void release() {
    lease.close();
  }
}
