package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.join.aws.CallerIdentity;
import dev.sallyport.fuzz.FuzzTarget;
import dev.sallyport.model.AwsPrincipal;

/** An answer of STS is somebody whose ARN can be read again, or nobody. */
public final class CallerIdentityTarget implements FuzzTarget {
  @Override
  public boolean takes(byte[] input) {
    var caller = CallerIdentity.parse(input);
    caller.ifPresent(one -> {
      assertThat(AwsPrincipal.parse(one.arn())).contains(one);
      assertThat(one.account()).matches("[0-9]{12}");
      assertThat(one.resource()).isNotEmpty().noneMatch(part -> part.contains("/"));
    });
    return caller.isPresent();
  }
}
