package dev.sallyport.resources.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads files whose size somebody else decides.
public final class BoundedFile {
  private BoundedFile() {}

  /// The text of a file of at most so many bytes, which must be UTF-8.
  public static String read(Path file, int maxBytes) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      var bytes = stream.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException("%s has more than %d bytes".formatted(file, maxBytes));
      }
      var decoder = StandardCharsets.UTF_8.newDecoder();
      return decoder.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("%s is not UTF-8 text".formatted(file), e);
    }
  }

  /// Why it could not be read, in words.
  public static String explain(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no file %s".formatted(missing.getFile());
      case AccessDeniedException denied ->
          "the file %s may not be read by this user".formatted(denied.getFile());
      default -> String.valueOf(e.getMessage());
    };
  }
}
