package dev.sallyport.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/// A service that nobody can run here, such as the control API of DAX: each request has one answer,
/// which follows from its target and its bytes alone. Most are taken, some are not.
public final class EchoService implements Upstream {

  private static final int KINDS = 8;

  @Override
  public WireResponse answer(WireRequest request, AccessKey caller) {
    String target = request.only("X-Amz-Target").orElse("");
    CRC32 digest = new CRC32();
    digest.update(target.getBytes(StandardCharsets.ISO_8859_1));
    digest.update(request.body());
    return switch ((int) (digest.getValue() % KINDS)) {
      case 0 -> json(400, "{\"__type\":\"ClusterNotFoundFault\",\"message\":\"no such cluster\"}");
      case 1 ->
          json(
              400,
              "{\"__type\":\"InvalidParameterValueException\",\"message\":\"é is no %d\"}"
                  .formatted(request.body().length));
      case 2 -> json(500, "{\"__type\":\"InternalFailure\"}");
      default ->
          json(
              200,
              "{\"Operation\": \"%s\",\"Digest\":%d,\"Length\":%d,\"Text\":\"%s\"}"
                  .formatted(
                      target,
                      digest.getValue(),
                      request.body().length,
                      "é漢😀".repeat((int) (digest.getValue() / KINDS % 400))));
    };
  }

  private static WireResponse.Answer json(int status, String text) {
    return WireResponse.Answer.of(
        status,
        List.of(
            new WireHeader("Content-Type", "application/x-amz-json-1.1"),
            new WireHeader("x-amzn-ErrorType", "status " + status)),
        text.getBytes(StandardCharsets.UTF_8));
  }
}
