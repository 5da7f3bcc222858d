package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A rule means the callers that it seems to mean, and nobody whose name looks alike.
class AwsCallerRuleTest {
  private static final String SESSION = "arn:aws:sts::123456789012:assumed-role/app/i-0abc";

  private static boolean allows(String account, String pattern, String caller) {
    var rule =
        new AwsCallerRule(
            Optional.of(account).filter(one -> !one.equals("-")),
            Optional.of(pattern).filter(one -> !one.equals("-")).map(AwsPrincipalPattern::parse));
    return rule.allows(AwsPrincipal.parse(caller).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:sts::123456789012:assumed-role/app/i-0abc",
        "arn:aws:sts::123456789012:assumed-role/app/*",
        "arn:aws:sts::123456789012:assumed-role/app/i-*",
        "arn:aws:sts::123456789012:assumed-role/a?p/i-????",
        "arn:aws:sts::123456789012:assumed-role/*p/*c",
        "arn:aws:sts::123456789012:assumed-role/**/i-*a*c"
      })
  void patterns_of_the_right_parts_match(String pattern) {
    assertThat(allows("-", pattern, SESSION)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        // The account of the caller counts, wherever else its digits stand.
        "999999999999, -, arn:aws:sts::123456789012:assumed-role/app/999999999999",
        "-, arn:aws:sts::999999999999:assumed-role/app/*, "
            + "arn:aws:sts::123456789012:assumed-role/app/i-0abc",
        // Names that contain the wanted one, at either end.
        "-, arn:aws:sts::123456789012:assumed-role/app/*, "
            + "arn:aws:sts::123456789012:assumed-role/app-evil/i-0abc",
        "-, arn:aws:sts::123456789012:assumed-role/app/*, "
            + "arn:aws:sts::123456789012:assumed-role/evil-app/i-0abc",
        "-, arn:aws:sts::123456789012:assumed-role/app/i-0abc, "
            + "arn:aws:sts::123456789012:assumed-role/app/i-0abcd",
        // A session's name is chosen by whoever takes the role: it must not count as the role's.
        "-, arn:aws:sts::123456789012:assumed-role/a*c/*, "
            + "arn:aws:sts::123456789012:assumed-role/app/abc",
        "-, arn:aws:sts::123456789012:assumed-role/?/x, "
            + "arn:aws:sts::123456789012:assumed-role/app/x",
        "-, arn:aws:sts::123456789012:assumed-role/app/?, "
            + "arn:aws:sts::123456789012:assumed-role/app/xy",
        // Other kinds of callers, other partitions, other case.
        "-, arn:aws:iam::123456789012:user/app, arn:aws:sts::123456789012:federated-user/app",
        "-, arn:aws:iam::123456789012:user/app, arn:aws:iam::123456789012:user/team/app",
        "-, arn:aws:iam::123456789012:user/*, arn:aws:iam::123456789012:user/team/app",
        "-, arn:aws:sts::123456789012:assumed-role/app/*, "
            + "arn:aws-cn:sts::123456789012:assumed-role/app/i-0abc",
        "123456789012, -, arn:aws-us-gov:sts::123456789012:assumed-role/app/i-0abc",
        "-, arn:aws:sts::123456789012:assumed-role/App/*, "
            + "arn:aws:sts::123456789012:assumed-role/app/i-0abc"
      })
  void look_alikes_are_not_meant(String account, String pattern, String caller) {
    assertThat(allows(account, pattern, caller)).isFalse();
  }

  @Test
  void an_account_alone_means_every_caller_of_it() {
    assertThat(allows("123456789012", "-", SESSION)).isTrue();
    assertThat(allows("123456789012", "-", "arn:aws:iam::123456789012:root")).isTrue();
    assertThat(allows("123456789012", "-", "arn:aws:iam::123456789012:user/a/b")).isTrue();
    assertThat(
            allows(
                "123456789012",
                "arn:aws-cn:sts::*:assumed-role/app/*",
                "arn:aws-cn:sts::123456789012:assumed-role/app/i-0abc"))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "arn:aws:sts::123456789012:assumed-role/app-*|does not reach over a slash",
        "arn:aws:sts::123456789012:assumed-role/app/*/x|expected to end in",
        "arn:aws:sts::123456789012:assumed-role//x|expected to end in",
        "arn:aws:sts::123456789012:*|expected to end in",
        "arn:aws:sts::123456789012:a*/app/x|expected to end in",
        "arn:aws:iam::123456789012:role/path/app|sts::ACCOUNT:assumed-role/app/SESSION",
        "arn:aws:sts::12345678901?:assumed-role/app/x|no account of 12 digits",
        "arn:aws:sts::*:assumed-role/app/x|names no account, so \"aws_account\" must",
        "arn:aws:sts:us-east-1:123456789012:assumed-role/app/x|has a region",
        "arn:*:sts::123456789012:assumed-role/app/x|names no partition",
        "arn:aws:s3::123456789012:assumed-role/app/x|expected to end in",
        "arn:aws:sts::123456789012:assumed-role/app/x:y|expected: like arn:aws:sts",
        "*|expected: like arn:aws:sts",
        "'arn:aws:sts::123456789012:assumed-role/a b/x'|expected: like arn:aws:sts"
      })
  void patterns_that_mean_more_than_they_say_are_refused(String pattern, String message) {
    assertThatThrownBy(() -> allows("-", pattern, SESSION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void rules_that_mean_everybody_or_nobody_are_refused() {
    assertThatThrownBy(() -> allows("-", "-", SESSION)).hasMessageContaining("must set");
    assertThatThrownBy(() -> allows("12345678901x", "-", SESSION))
        .hasMessageContaining("12 digits");
    assertThatThrownBy(
            () -> allows("999999999999", "arn:aws:sts::123456789012:assumed-role/app/*", SESSION))
        .hasMessageContaining("nobody would fit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "arn:aws:sts::123456789012:assumed-role/app",
        "arn:aws:sts::123456789012:assumed-role/app/i/j",
        "arn:aws:sts::123456789012:assumed-role/app/",
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::1234:user/app",
        "arn:moon:iam::123456789012:user/app",
        "arn:aws:iam::123456789012:user/a\nb",
        "xarn:aws:iam::123456789012:user/a"
      })
  void what_is_no_caller_of_aws_is_nobody(String arn) {
    assertThat(AwsPrincipal.parse(arn)).isEmpty();
  }

  @Test
  void many_wildcards_take_no_time() {
    var pattern = "arn:aws:sts::123456789012:assumed-role/" + "*a".repeat(200) + "/x";
    var caller = "arn:aws:sts::123456789012:assumed-role/" + "a".repeat(1_000) + "b/x";
    assertThat(allows("-", pattern, caller)).isFalse();
  }
}
