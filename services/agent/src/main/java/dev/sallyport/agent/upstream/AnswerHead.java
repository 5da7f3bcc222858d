package dev.sallyport.agent.upstream;

import dev.sallyport.sigv4.Header;
import java.util.List;
import java.util.OptionalLong;

/// Status line and headers of an answer, as AWS sent them.
///
/// @param status from 200 on; interim answers are not passed on
/// @param length of the body where AWS told it; else it comes in chunks or ends with the connection
public record AnswerHead(int status, String reason, List<Header> headers, OptionalLong length) {
  public AnswerHead {
    headers = List.copyOf(headers);
  }
}
