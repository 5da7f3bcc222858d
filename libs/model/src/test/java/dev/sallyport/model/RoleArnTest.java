package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleArnTest {
  private static final String ACCOUNT = "123456789012";

  private static Database in(String region) {
    return new Database(
        Metadata.named("example"),
        "dynamodb",
        Optional.empty(),
        DatabaseAws.of(region, ACCOUNT),
        DatabaseTls.SYSTEM);
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1, aws",
    "cn-north-1, aws-cn",
    "us-gov-west-1, aws-us-gov",
    "eusc-de-east-1, aws-eusc",
    "us-iso-east-1, aws-iso",
    "us-isob-east-1, aws-iso-b",
    "eu-isoe-west-1, aws-iso-e",
    "us-isof-south-1, aws-iso-f"
  })
  void a_name_with_and_without_role_in_front_and_the_arn_mean_the_same_in_each_partition(
      String region, String partition) throws InvalidRoleArn {
    var arn = "arn:" + partition + ":iam::" + ACCOUNT + ":role/Example";
    assertThat(RoleArn.of("Example", in(region)).toString()).isEqualTo(arn);
    assertThat(RoleArn.of("role/Example", in(region)).toString()).isEqualTo(arn);
    assertThat(RoleArn.of(arn, in(region)).toString()).isEqualTo(arn);
  }

  @Test
  void a_path_is_part_of_the_role() throws InvalidRoleArn {
    var arn = RoleArn.of("team/blue/Example", in("us-east-1"));
    assertThat(arn.toString()).isEqualTo("arn:aws:iam::" + ACCOUNT + ":role/team/blue/Example");
    assertThat(arn.name()).isEqualTo("Example");
    assertThat(arn).isNotEqualTo(RoleArn.of("Example", in("us-east-1")));
    assertThat(RoleArn.of("role/team/blue/Example", in("us-east-1"))).isEqualTo(arn);
    assertThat(RoleArn.of("role/role/Example", in("us-east-1")).role()).isEqualTo("role/Example");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "arn:aws-cn:iam::123456789012:role/X|expected AWS partition \"aws\" but got \"aws-cn\"",
        "arn:aws:iam::210987654321:role/X"
            + "|expected AWS account ID \"123456789012\" but got \"210987654321\"",
        "arn:aws:s3:::bucket|\"arn:aws:s3:::bucket\" is not an AWS IAM role ARN",
        "arn:aws:iam::123456789012:user/X"
            + "|\"arn:aws:iam::123456789012:user/X\" is not an AWS IAM role ARN",
        "arn:aws:sts::123456789012:assumed-role/X/s"
            + "|\"arn:aws:sts::123456789012:assumed-role/X/s\" is not an AWS IAM role ARN",
        "arn:aws:iam::123456789012:role/"
            + "|\"arn:aws:iam::123456789012:role/\" is missing AWS IAM role name",
        "role/|\"role/\" is missing AWS IAM role name",
        "''|\"\" is missing AWS IAM role name"
      })
  void what_is_no_role_of_the_account_is_refused_with_the_reason(String asked, String message) {
    assertThatThrownBy(() -> RoleArn.of(asked, in("us-east-1")))
        .isInstanceOf(InvalidRoleArn.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "Ex*mple",
        "a b",
        "X\n",
        "X\u0000",
        "Rôle",
        "a//b",
        "/a",
        "ROLE/../x/",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam:us-east-1:123456789012:role/X",
        "arn:aws:iam::123456789012:role/X:Y",
        "ARN:aws:iam::123456789012:role/X",
        "0123456789012345678901234567890123456789012345678901234567890123X"
      })
  void names_that_iam_does_not_have_are_refused(String asked) {
    assertThatThrownBy(() -> RoleArn.of(asked, in("us-east-1"))).isInstanceOf(InvalidRoleArn.class);
  }

  @Test
  void random_text_is_either_refused_or_reads_back_as_itself() throws InvalidRoleArn {
    var random = new Random(7);
    var pieces = "arn: aws iam :: 123456789012 role/ / * A b . - \n é 210987654321".split(" ");
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(9); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      RoleArn arn;
      try {
        arn = RoleArn.of(text.toString(), in("us-east-1"));
      } catch (InvalidRoleArn refused) {
        continue;
      }
      assertThat(arn.accountId()).isEqualTo(ACCOUNT);
      assertThat(RoleArn.of(arn.toString(), in("us-east-1"))).isEqualTo(arn);
    }
  }
}
