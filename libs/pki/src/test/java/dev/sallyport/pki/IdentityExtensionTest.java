package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.asn1.DERUTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityExtensionTest {
  private static final String HOST =
      "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Db\"}";

  @Test
  void everyClaimComesBackAsItWas() throws Exception {
    var alice = new Cluster("example.com").alice();
    var plain =
        new UserIdentity(
            "c",
            "bot-\"1\"",
            List.of(),
            Map.of(),
            UserKind.BOT,
            Optional.empty(),
            Optional.of("key"),
            Optional.empty());
    var signedIn =
        new UserIdentity(
            "c",
            "bob",
            List.of("dev"),
            Map.of(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                new SignIn("id-1", Optional.of(Instant.parse("2030-01-01T00:00:00.123456789Z")))));
    for (var claim :
        List.of(
            new CertificateClaim.Holder(signedIn),
            new CertificateClaim.Holder(alice),
            new CertificateClaim.Holder(plain),
            new CertificateClaim.Holder(new HostIdentity("c", "h", SystemRole.ADMIN)),
            new CertificateClaim.Authority("c", CaKind.USER))) {
      assertThat(IdentityExtension.decode(IdentityExtension.encode(claim))).isEqualTo(claim);
    }
  }

  @Test
  void theFormIsTheSameInEveryVersion() throws Exception {
    assertThat(decode(HOST))
        .isEqualTo(new CertificateClaim.Holder(new HostIdentity("c", "h", SystemRole.DB)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"v\":1}",
        "{\"v\":\"1\",\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":2,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Root\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"\",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\" \",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\\u0000\",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Db\",\"x\":\"\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"role\":\"Db\",\"host_id\":\"h\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Db\"} ",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Db\"}{}",
        "{\"v\":1, \"type\":\"host\",\"cluster\":\"c\",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":\"\\u0063\",\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":[\"c\"],\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":{\"c\":{\"c\":{}}},\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"host\",\"cluster\":null,\"host_id\":\"h\",\"role\":\"Db\"}",
        "{\"v\":1,\"type\":\"authority\",\"cluster\":\"c\",\"authority\":\"db\"}",
        "{\"v\":1,\"type\":\"user\",\"cluster\":\"c\",\"user\":\"u\",\"roles\":[[]],\"traits\":{},\"kind\":\"human\"}",
        "{\"v\":1,\"type\":\"user\",\"cluster\":\"c\",\"user\":\"u\",\"roles\":[],\"traits\":{\"a\":\"b\"},\"kind\":\"human\"}",
        "{\"v\":1,\"type\":\"user\",\"cluster\":\"c\",\"user\":\"u\",\"roles\":[],\"traits\":{},\"kind\":\"human\",\"route\":{}}",
      })
  void whatIsNotExactlyOurFormIsRefused(String json) {
    assertThatThrownBy(() -> decode(json)).isInstanceOf(InvalidIdentity.class);
  }

  @Test
  void tooMuchIsRefusedOnBothSides() {
    assertThatThrownBy(() -> decode("[".repeat(IdentityExtension.MAX_BYTES)))
        .isInstanceOf(InvalidIdentity.class);
    assertThatThrownBy(() -> decode("{\"v\":" + "1".repeat(9000) + "}"))
        .isInstanceOf(InvalidIdentity.class);
    var roles = Collections.nCopies(400, "r".repeat(100));
    assertThatThrownBy(() -> IdentityExtension.encode(user("u", roles)))
        .hasMessageContaining("fewer roles");
    assertThatThrownBy(() -> IdentityExtension.encode(user("u".repeat(2000), List.of())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IdentityExtension.encode(user("a\nb", List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noBytesMakeTheReaderFailInAnyOtherWay() {
    var random = new Random(42);
    var seeds =
        List.of(
            IdentityExtension.encode(new CertificateClaim.Holder(new Cluster("c").alice())),
            IdentityExtension.encode(new CertificateClaim.Authority("c", CaKind.HOST)));
    for (int round = 0; round < 20_000; round++) {
      var bytes = seeds.get(round % 2).clone();
      for (int flip = random.nextInt(1, 5); flip > 0; flip--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var cut = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      var input = java.util.Arrays.copyOf(bytes, cut);
      try {
        var claim = IdentityExtension.decode(input);
        assertThat(IdentityExtension.encode(claim)).isEqualTo(input);
      } catch (InvalidIdentity expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }

  private static CertificateClaim user(String name, List<String> roles) {
    return new CertificateClaim.Holder(
        new UserIdentity(
            "c",
            name,
            roles,
            Map.of(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static CertificateClaim decode(String json) throws Exception {
    return IdentityExtension.decode(new DERUTF8String(json).getEncoded());
  }
}
