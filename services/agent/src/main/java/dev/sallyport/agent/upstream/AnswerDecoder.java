package dev.sallyport.agent.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;

/// Netty's decoder for answers, in its strict reading, which also tells whether anything is left
/// behind an answer.
final class AnswerDecoder extends HttpResponseDecoder {
  private static final int MAX_STATUS_LINE = 4096;
  private static final int MAX_HEADERS = 64 << 10;
  private static final int MAX_PART = 64 << 10;

  AnswerDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_STATUS_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_PART)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  boolean isEmpty() {
    return actualReadableBytes() == 0;
  }
}
