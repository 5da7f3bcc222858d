package dev.sallyport.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.ProvisionToken;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenFormTest {
  private static final String HEAD =
      "kind: token\nversion: v2\nmetadata: {name: canary-0123456789}\nspec: ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{}~provisioning token is missing roles",
        "{roles: [Bot]}~token with role \"Bot\" must set bot_name",
        "{roles: [Db], bot_name: b}~can only set bot_name on token with role \"Bot\"",
        "{roles: [Db], join_method: token, allow: [{aws_account: '123456789012'}]}~allow rules are"
            + " not compatible with the \"token\" join method",
        "{roles: [Db], join_method: ec2}~the \"ec2\" join method requires defined token allow"
            + " rules",
        "{roles: [Db], join_method: iam}~the \"iam\" join method requires defined token allow"
            + " rules",
        "{roles: [Db], join_method: ec2, allow: [{aws_arn: a, aws_account: '123456789012'}]}~"
            + "spec.allow[0].aws_arn: \"aws_arn\" is not supported by the \"ec2\" join method",
        "{roles: [Db], join_method: iam, allow: [{aws_role: a, aws_arn: b}]}~"
            + "spec.allow[0].aws_role: \"aws_role\" is not supported by the \"iam\" join method",
        "{roles: [Db], join_method: iam, allow: [{aws_regions: [a], aws_arn: b}]}~"
            + "spec.allow[0].aws_regions: \"aws_regions\" is not supported by the \"iam\"",
        "{roles: [Db], join_method: ec2, allow: [{aws_regions: [a]}]}~spec.allow[0].aws_account:"
            + " must set \"aws_account\" or \"aws_role\"",
        "{roles: [Db], join_method: iam, allow: [{}]}~must set \"aws_account\" or \"aws_arn\"",
        "{roles: [Db], join_method: gcp}~join method \"gcp\" is not supported by this version,"
            + " supported are: [token, iam, ec2]",
        "{roles: [Db], allow: [{aws_role: 'arn:aws:iam::123456789012:role/d'}]}~aws_role: is not"
            + " supported by this version: the Auth Service asks nothing of EC2",
        "{roles: [Db], allow: [{aws_account: '123456789012', aws_regions: [moon]}]}~\"moon\" is not"
            + " an AWS region",
        "{roles: [Db], join_method: ec2, aws_iid_ttl: 25h, allow: [{aws_account:"
            + " '123456789012'}]}~at most 24h",
        "{roles: [Db], join_method: iam, allow: [{aws_account: '12'}]}~\"12\" (expected: 12"
            + " digits)",
        "{roles: [Db], join_method: iam, allow: [{aws_arn: 'arn:aws:sts::*:assumed-role/a/*'}]}~"
            + "names no account",
        "{roles: [Db], allow: [{aws_account: '12'}]}~\"12\" (expected: 12 digits)",
        "{roles: [Node]}~role \"Node\" is not supported by this version",
        "{roles: [Db, database]}~unknown role: \"database\" (a token can give Proxy or Db)",
        "{roles: [Admin]}~unknown role: \"Admin\" (a token can give Proxy or Db)",
        "{roles: [Db], aws_iid_ttl: 5m}~spec.aws_iid_ttl: is for the \"ec2\" join method alone"
      })
  void each_rule_of_tokens_is_told_in_its_words(String spec, String message) {
    assertThatThrownBy(() -> ResourceReader.read(HEAD + spec, "t.yaml"))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("canary"));
  }

  @Test
  void labels_that_are_suggested_are_kept() {
    var spec =
        "{roles: [db], suggested_labels: {team: [a]}, suggested_agent_matcher_labels: {x: [b]}}";
    var token = (ProvisionToken) ResourceReader.read(HEAD + spec, "t").getFirst();
    assertThat(token.joinMethod()).isEqualTo(JoinMethod.TOKEN);
    assertThat(token.other()).containsKeys("suggested_labels", "suggested_agent_matcher_labels");
    assertThat(ResourceReader.read(ResourceYaml.print(List.of(token)), "again"))
        .isEqualTo(List.of(token));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{roles: [Db], join_method: iam, allow: [{aws_account: '123456789012'}, {aws_arn:"
            + " 'arn:aws-cn:sts::123456789012:assumed-role/agent-*/i-?*'}]}",
        "{roles: [Db, Proxy], join_method: ec2, aws_iid_ttl: 90s, allow: [{aws_account:"
            + " '123456789012', aws_regions: [us-east-1, eu-west-1]}]}",
        "{roles: [Db], allow: [{aws_account: '123456789012'}]}"
      })
  void allow_rules_come_back_as_they_were_written(String spec) {
    var read = ResourceReader.read(HEAD + spec, "t");
    assertThat(ResourceReader.read(ResourceYaml.print(read), "again")).isEqualTo(read);
  }
}
