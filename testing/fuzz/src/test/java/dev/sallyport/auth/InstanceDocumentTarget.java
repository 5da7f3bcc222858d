package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.join.aws.InstanceIdentity;
import dev.sallyport.fuzz.FuzzTarget;
import dev.sallyport.model.AwsPartition;

/** What an identity document names can stand in a path and a key. */
public final class InstanceDocumentTarget implements FuzzTarget {
  @Override
  public boolean takes(byte[] input) {
    var instance = InstanceIdentity.parse(input);
    instance.ifPresent(one -> {
      assertThat(one.account()).matches("[0-9]{12}");
      assertThat(one.instanceId()).matches("i-[0-9a-f]{8,17}");
      assertThat(AwsPartition.isRegion(one.region())).isTrue();
    });
    return instance.isPresent();
  }
}
