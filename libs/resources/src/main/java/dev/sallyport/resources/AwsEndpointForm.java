package dev.sallyport.resources;

import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.Fields;
import java.util.Map;
import java.util.Optional;

/// The written form of [AwsEndpointChoice], by the names that AWS's own configuration files use.
final class AwsEndpointForm {
  private static final String FIPS = "use_fips_endpoint";
  private static final String DUAL_STACK = "use_dualstack_endpoint";
  private static final String ACCOUNT = "account_id_endpoint_mode";

  private AwsEndpointForm() {}

  static AwsEndpointChoice read(Fields aws) {
    var account =
        aws.text(ACCOUNT)
            .flatMap(word -> {
              var choice = AwsEndpointChoice.Account.parse(word);
              if (choice.isEmpty()) {
                aws.fault(
                    ACCOUNT,
                    "%s (expected one of: %s)"
                        .formatted(Quoted.of(word), AwsEndpointChoice.Account.words()));
              }
              return choice;
            });
    return new AwsEndpointChoice(flag(aws, FIPS), flag(aws, DUAL_STACK), account);
  }

  private static Optional<Boolean> flag(Fields aws, String field) {
    return aws.has(field) ? Optional.of(aws.flag(field, false)) : Optional.empty();
  }

  static void write(AwsEndpointChoice choice, Map<String, Object> aws) {
    choice.fips().ifPresent(on -> aws.put(FIPS, on));
    choice.dualStack().ifPresent(on -> aws.put(DUAL_STACK, on));
    choice.account().ifPresent(one -> aws.put(ACCOUNT, one.word()));
  }
}
