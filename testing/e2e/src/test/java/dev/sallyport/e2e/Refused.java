package dev.sallyport.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What servers of the world take, or answer themselves, and a tunnel refuses: the whole list, each
 * with its reason. All others get what DynamoDB itself says.
 */
enum Refused {
  A_CHUNK_EXTENSION(
      200,
      400,
      "a chunk must begin with its size",
      Wire.CHUNKED + "2;name=value\r\n{}\r\n0\r\n\r\n",
      "parsers end it elsewhere"),
  A_TRAILER(
      200,
      400,
      "trailers are not taken",
      Wire.CHUNKED + "2\r\n{}\r\n0\r\nX-Late: 1\r\n\r\n",
      "comes after the judgement"),
  TWO_LENGTHS(
      400,
      400,
      "more than once",
      Wire.SIZED + "Content-Length: 2\r\n\r\n{}",
      "framing that is said twice"),
  A_LENGTH_BESIDE_CHUNKS(
      400,
      400,
      "exclude each other",
      Wire.SIZED + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      "two framings: which one holds is what smugglers play with"),
  TWO_CODINGS(
      200,
      400,
      "chunked, in HTTP/1.1",
      Wire.POST + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      "would have to be inflated"),
  A_FOLDED_LINE(
      400,
      400,
      "has no colon",
      Wire.SIZED + "X-Long: a\r\n b\r\n\r\n{}",
      "RFC 9112, section 5.2: obsolete"),
  BARE_LINE_FEEDS(
      200,
      400,
      "CR LF",
      Wire.SIZED.replace("\r\n", "\n") + "\n{}",
      "parsers disagree where the head ends"),
  AN_EMPTY_LINE_FIRST(
      200,
      400,
      "an empty line",
      "\r\n" + Wire.SIZED + "\r\n{}",
      "a byte too many of the last request"),
  MANY_HEADERS(
      200,
      431,
      "more than 100 headers",
      Wire.SIZED + "X-N: 1\r\n".repeat(100) + "\r\n{}",
      "limit: 100 headers"),
  LONG_HEADERS(
      200,
      431,
      "headers are larger",
      Wire.SIZED + "X-Long: " + "l".repeat(16_500) + "\r\n\r\n{}",
      "limit: a head of 16 KiB"),
  NO_HOST(
      400,
      403,
      "Host header",
      Wire.SIZED.replace("Host: HOST\r\n", "") + "\r\n{}",
      "could be a page's request"),
  NO_HOST_IN_OLD_HTTP(
      200,
      403,
      "Host header",
      Wire.SIZED.replace("Host: HOST\r\n", "").replace("1.1\r\n", "1.0\r\n") + "\r\n{}",
      "could be a page's request"),
  ANOTHER_HOST(
      200,
      403,
      "--allow-host",
      Wire.SIZED.replace("HOST", "evil.example") + "\r\n{}",
      "DNS rebinding"),
  A_PAGES_REQUEST(
      200,
      403,
      "--allow-origin",
      Wire.SIZED + "Origin: https://evil.example\r\n\r\n{}",
      "cross-site"),
  ANOTHER_ABSOLUTE_TARGET(
      400,
      400,
      "URL of this host",
      Wire.SIZED.replace("POST /", "POST http://evil.example/") + "\r\n{}",
      "overrides Host (RFC 9112, section 3.2.2)"),
  ANOTHER_METHOD(
      200,
      405,
      "with POST",
      Wire.SIZED.replace("POST", "PUT") + "\r\n{}",
      "the protocol knows none"),
  ANOTHER_PATH(
      200,
      400,
      "no request but POST /",
      Wire.SIZED.replace("POST /", "POST /x") + "\r\n{}",
      "the protocol knows none"),
  A_QUERY(
      200,
      400,
      "without a query",
      Wire.SIZED.replace("POST /", "POST /?a=b") + "\r\n{}",
      "the protocol knows none"),
  ANOTHER_EXPECTATION(
      417,
      417,
      "100-continue",
      Wire.SIZED + "Expect: a-miracle\r\n\r\n{}",
      "RFC 9110, section 10.1.1"),
  TWO_TARGETS(
      200,
      400,
      "X-Amz-Target stands more",
      Wire.SIZED + "X-Amz-Target: DynamoDB_20120810.Scan\r\n\r\n{}",
      "what is judged must be what is done"),
  ANOTHER_CONTENT_TYPE(
      200,
      400,
      "Content-Type must be",
      Wire.SIZED.replace("application/x-amz-json-1.0", "text/plain") + "\r\n{}",
      "could be another protocol to AWS one day"),
  A_COMPRESSED_BODY(
      200,
      400,
      "Content-Encoding",
      Wire.SIZED + "Content-Encoding: gzip\r\n\r\n{}",
      "is not inflated, so not judged"),
  A_BYTE_ORDER_MARK(
      200, 400, "byte order mark", Wire.json("\u00ef\u00bb\u00bf{}"), "RFC 8259, section 8.1"),
  UTF_16(200, 400, "not UTF-8", Wire.json("{\u0000}\u0000"), "RFC 8259, section 8.1"),
  BROKEN_UTF_8(
      200,
      400,
      "not UTF-8, at byte 6",
      Wire.json("{\"a\":\"\u00ed\u00a0\u0080\"}"),
      "RFC 8259, section 8.1"),
  TEXT_AFTER_THE_END(
      200, 400, "goes on after", Wire.json("{}{}"), "which of the two would be done?"),
  NO_OBJECT(500, 400, "no JSON object", Wire.json("[]"), "the protocol knows none"),
  NO_BODY(500, 400, "no JSON object", Wire.json(""), "the protocol knows none"),
  A_COMMENT(500, 400, "no valid JSON", Wire.json("{/*}*/}"), "no JSON; some parsers skip it"),
  NOT_A_NUMBER(
      500, 400, "no valid JSON", Wire.json("{\"Limit\":NaN}"), "no JSON; some parsers take it"),
  BEYOND_DEPTH(
      200,
      400,
      "nesting 96",
      Wire.json("{\"a\":" + "[".repeat(96) + "]".repeat(96) + "}"),
      "limit: 96 levels"),
  A_LONG_NUMBER(
      500, 400, "number 64", Wire.json("{\"Limit\":1" + "0".repeat(64) + "}"), "limit: 64 digits"),
  A_LONG_NAME(
      200,
      400,
      "field name 66000",
      Wire.json("{\"" + "n".repeat(66_001) + "\":1}"),
      "limit: a name of 66,000 characters");

  /** What another server answers. */
  final int direct;

  /** What the tunnel answers. */
  final int status;

  /** What its message says. */
  final String word;

  private final String text;

  /**
   * @param reason why the tunnel must not do as others do
   */
  Refused(int direct, int status, String word, String text, String reason) {
    assert !reason.isEmpty();
    this.direct = direct;
    this.status = status;
    this.word = word;
    this.text = text;
  }

  /** The request, to that port. */
  byte[] bytes(String id, int port) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        text.replace("HOST", "localhost:" + port)
            .replace("INVOCATION", id)
            .getBytes(StandardCharsets.ISO_8859_1));
    return bytes.toByteArray();
  }

  /** What they are made of; bytes as characters. */
  private static final class Wire {
    static final String POST =
        "POST / HTTP/1.1\r\nHost: HOST\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n"
            + "Content-Type: application/x-amz-json-1.0\r\n"
            + FarEnd.ID
            + ": INVOCATION\r\nAuthorization: "
            + RawRequest.AUTHORIZATION
            + "\r\n";
    static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    static final String SIZED = POST + "Content-Length: 2\r\n";

    static String json(String body) {
      return POST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
  }
}
