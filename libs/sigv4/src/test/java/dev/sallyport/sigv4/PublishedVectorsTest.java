package dev.sallyport.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Signatures that AWS published: the request and what must come out. Cases of the suite that need
/// folded header lines are refused by [Header] and so stand in [RefusedInputTest].
class PublishedVectorsTest {

  private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final SecretKeyBytes SECRET =
      SecretKeyBytes.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

  /// One case, named as in AWS's suite.
  record Vector(
      String name,
      String method,
      String path,
      String query,
      List<Header> headers,
      String body,
      Optional<String> token,
      String signature) {

    static Vector get(String name, String path, String query, String signature, Header... headers) {
      return new Vector(
          name, "GET", path, query, List.of(headers), "", Optional.empty(), signature);
    }

    static Vector post(String name, String body, String signature, Header... headers) {
      return new Vector(name, "POST", "/", "", List.of(headers), body, Optional.empty(), signature);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> vectors() {
    String vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    String unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return Stream.of(
        Vector.get("get-vanilla", "/", "", vanilla),
        Vector.get("get-relative-relative-normalized", "/example1/example2/../..", "", vanilla),
        Vector.get(
            "get-slash-pointless-dot-normalized",
            "/./example",
            "",
            "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        Vector.get(
            "get-slashes-normalized",
            "//example//",
            "",
            "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        Vector.get(
            "get-space-normalized",
            "/example space/",
            "",
            "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        Vector.get(
            "get-utf8",
            "/ሴ",
            "",
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        Vector.get(
            "get-vanilla-query-order-encoded",
            "/",
            "Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"),
        Vector.get(
            "get-vanilla-query-unreserved",
            "/",
            unreserved + "=" + unreserved,
            "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        Vector.get(
            "get-vanilla-utf8-query",
            "/",
            "ሴ=bar",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"));
  }

  static Stream<Vector> headerVectors() {
    return Stream.of(
        Vector.get(
            "get-header-key-duplicate",
            "/",
            "",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            new Header("My-Header1", "value2"),
            new Header("My-Header1", "value2"),
            new Header("My-Header1", "value1")),
        Vector.get(
            "get-header-value-order",
            "/",
            "",
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
            new Header("My-Header1", "value4"),
            new Header("My-Header1", "value1"),
            new Header("My-Header1", "value3"),
            new Header("My-Header1", "value2")),
        Vector.get(
            "get-header-value-trim",
            "/",
            "",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            new Header("My-Header1", " value1"),
            new Header("My-Header2", " \"a   b   c\"")),
        Vector.post(
            "post-vanilla", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Vector.post(
            "post-x-www-form-urlencoded",
            "Param1=value1",
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            new Header("Content-Type", "application/x-www-form-urlencoded"),
            new Header("Content-Length", "13"),
            new Header(
                "x-amz-content-sha256",
                "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e")),
        new Vector(
            "get-vanilla-with-session-token",
            "GET",
            "/",
            "",
            List.of(),
            "",
            Optional.of("6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"),
            "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"));
  }

  @ParameterizedTest
  @MethodSource({"vectors", "headerVectors"})
  void gives_the_signature_that_aws_published(Vector vector) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(vector.body().getBytes(StandardCharsets.UTF_8));
    RequestToSign request =
        new RequestToSign(
            vector.method(),
            vector.path(),
            vector.query(),
            "example.amazonaws.com",
            vector.headers(),
            hash);
    SigningCredentials credentials =
        new SigningCredentials("AKIDEXAMPLE", SECRET, vector.token(), Optional.empty());

    SignedHeaders signed =
        new SigV4Signer().sign(request, credentials, "us-east-1", "service", TIME);

    assertThat(signed.authorization())
        .startsWith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ")
        .endsWith("Signature=" + vector.signature());
  }
}
