package dev.sallyport.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A request as an SDK would write it: head, body, framing. {@link #sendBy} writes it on a
 * connection.
 *
 * @param id the invocation id, by which the other end knows it
 * @param target the value of {@code X-Amz-Target}
 * @param manner how its head and its chunks are written
 * @param body exactly what is sent, without the framing of chunks
 * @param form how it is sent
 */
// The bytes are what the test is about, and nobody changes them.
@SuppressWarnings("ArrayRecordComponent")
record RawRequest(String id, String target, Manner manner, byte[] body, Form form) {
  static final String CONTENT_TYPE = "application/x-amz-json-1.0";

  /** Made up, as the keys of the guide's users are. */
  static final String AUTHORIZATION =
      "AWS4-HMAC-SHA256 Credential=tunnel/20260101/us-east-1/dynamodb/aws4_request,"
          + " SignedHeaders=host;x-amz-date, Signature="
          + "0".repeat(64);

  /** How a body is sent. */
  enum Form {
    SIZED(false, false),
    CHUNKED(true, false),
    SIZED_AFTER_CONTINUE(false, true),
    CHUNKED_AFTER_CONTINUE(true, true);

    private final boolean chunked;
    private final boolean waits;

    Form(boolean chunked, boolean waits) {
      this.chunked = chunked;
      this.waits = waits;
    }
  }

  /** A plain request. */
  static RawRequest of(String id, String target, byte[] body, Form form) {
    return new RawRequest(id, target, Manner.PLAIN, body, form);
  }

  /** The same in this manner, with this body; of the forms, HTTP/1.0 knows but one. */
  RawRequest with(Manner other, byte[] content) {
    return new RawRequest(
        id, target, other, content, other.version().equals("HTTP/1.0") ? Form.SIZED : form);
  }

  /** The same, of a client that does not wait to be told that it may go on. */
  RawRequest atOnce() {
    return new RawRequest(id, target, manner, body, form.chunked ? Form.CHUNKED : Form.SIZED);
  }

  /** Writes it, and waits for {@code 100 Continue} where its form says so. */
  void sendBy(RawClient client, int port) throws IOException {
    if (form.waits) {
      client.send(head("localhost:" + port));
      client.awaitContinue();
      client.send(framedBody());
    } else {
      client.send(bytes(port));
    }
  }

  /** Everything in one piece. */
  byte[] bytes(int port) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(body.length + 1024);
    whole.writeBytes(head("localhost:" + port).getBytes(StandardCharsets.ISO_8859_1));
    whole.writeBytes(framedBody());
    return whole.toByteArray();
  }

  /** Whether the client waits to be told that it may go on. */
  boolean waits() {
    return form.waits;
  }

  private String head(String host) {
    List<String> lines = new ArrayList<>();
    lines.add("Host: " + host);
    lines.add("X-Amz-Target: " + target);
    lines.add(FarEnd.ID + ": " + id);
    lines.add("Authorization: " + AUTHORIZATION);
    lines.add(form.chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length);
    if (form.waits) {
      lines.add("Expect: 100-continue");
    }
    return manner.head(host, lines);
  }

  private byte[] framedBody() {
    if (!form.chunked) {
      return body;
    }
    Random random = new Random(body.length);
    ByteArrayOutputStream framed = new ByteArrayOutputStream(body.length + 1024);
    for (int from = 0; from < body.length; ) {
      int size = Math.min(body.length - from, 1 + random.nextInt(manner.largestChunk()));
      String hex = Integer.toHexString(size);
      String line = (random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT)) + "\r\n";
      framed.writeBytes(line.getBytes(StandardCharsets.ISO_8859_1));
      framed.write(body, from, size);
      framed.writeBytes(new byte[] {'\r', '\n'});
      from += size;
    }
    framed.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    return framed.toByteArray();
  }
}
