package dev.sallyport.proxy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FormBodyTest {
  private static FormBody parse(String text) {
    return FormBody.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void fieldsAreDecoded() {
    var form = parse("username=alice&password=a+b%20%C3%A9%26%3D&empty=&bare");
    assertThat(form.field("username")).contains("alice");
    assertThat(form.field("password")).contains("a b é&=");
    assertThat(form.field("empty")).contains("");
    assertThat(form.field("bare")).contains("");
    assertThat(form.field("other")).isEmpty();
    assertThat(parse("").field("password")).isEmpty();
  }

  @Test
  void aFieldThatStandsTwiceABrokenEscapeAndTooManyFieldsAreRefused() {
    assertThatThrownBy(() -> parse("password=a&password=b"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> parse("pass%77ord=a&password=b")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> parse("a=%G1")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> parse("a=%2")).isInstanceOf(BadRequest.class);
    var many = new StringBuilder("f0=");
    for (int i = 1; i < 20; i++) {
      many.append("&f").append(i).append('=');
    }
    assertThatThrownBy(() -> parse(many.toString())).isInstanceOf(BadRequest.class);
  }

  @Test
  void anyBytesAreAFormOrRefused() {
    var random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] body = new byte[random.nextInt(60)];
      random.nextBytes(body);
      for (int i = 0; i < body.length; i++) {
        if (random.nextInt(3) == 0) {
          body[i] = (byte) "&=%+aF0".charAt(random.nextInt(7));
        }
      }
      try {
        FormBody.parse(body);
      } catch (BadRequest expected) {
        assertThat(expected.getMessage()).startsWith("form: ");
      }
    }
  }

  @Test
  void passwordFaultsAreAllNamed() {
    assertThat(PasswordRules.faults(Secret.of(""), Secret.of(""))).hasSize(1);
    assertThat(PasswordRules.faults(Secret.of("short"), Secret.of("other"))).hasSize(2);
    assertThat(PasswordRules.faults(Secret.of("é".repeat(65)), Secret.of("é".repeat(65))))
        .containsExactly("The password may have at most 128 bytes.");
    assertThat(PasswordRules.faults(Secret.of("twelve chars"), Secret.of("twelve chars")))
        .isEmpty();
    assertThat(PasswordRules.faults(Secret.of("🔑".repeat(11)), Secret.of("🔑".repeat(11))))
        .hasSize(1);
  }
}
