package dev.sallyport.resources.config;

import dev.sallyport.model.HostPort;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// `auth_service.audit:`, how long the Auth Service keeps audit records, and where it copies them.
///
/// @param keepFor older records are dropped
/// @param keepBytes beyond, the oldest are dropped
/// @param file absent means no files
/// @param stdout whether records go to the standard output too
public record AuthAudit(
    Duration keepFor,
    long keepBytes,
    Optional<Files> file,
    boolean stdout,
    Optional<Syslog> syslog,
    Optional<S3> s3) {
  /// Least and most for `keep_for`.
  public static final Duration KEEP_FOR_MIN = Duration.ofHours(1);

  public static final Duration KEEP_FOR_MAX = Duration.ofDays(3650);

  /// Least and most for `keep_size`.
  public static final long KEEP_BYTES_MIN = 64L << 20;

  public static final long KEEP_BYTES_MAX = 1L << 42;

  /// Where nothing is said: a year, 20 GB, and files beside the store.
  public static final AuthAudit DEFAULT =
      new AuthAudit(
          Duration.ofDays(365),
          20L << 30,
          Optional.of(Files.DEFAULT),
          false,
          Optional.empty(),
          Optional.empty());

  public AuthAudit {
    Objects.requireNonNull(keepFor, "keepFor");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(syslog, "syslog");
    Objects.requireNonNull(s3, "s3");
  }

  /// `file:`, JSON lines in files.
  ///
  /// @param folder absent means `log` in the data folder
  public record Files(
      Optional<Path> folder, long rotateBytes, Duration rotateAfter, int keepFiles) {
    /// Least and most for `rotate_size`.
    public static final long ROTATE_BYTES_MIN = 1L << 20;

    public static final long ROTATE_BYTES_MAX = 16L << 30;

    /// Least and most for `rotate_after`.
    public static final Duration ROTATE_AFTER_MIN = Duration.ofMinutes(1);

    public static final Duration ROTATE_AFTER_MAX = Duration.ofDays(365);

    /// Most for `keep_files`.
    public static final int KEEP_FILES_MAX = 10_000;

    /// Where nothing is said: at most 2 GB.
    public static final Files DEFAULT =
        new Files(Optional.empty(), 64L << 20, Duration.ofDays(1), 32);

    public Files {
      Objects.requireNonNull(folder, "folder");
      Objects.requireNonNull(rotateAfter, "rotateAfter");
    }
  }

  /// `syslog:`, messages of RFC 5424.
  ///
  /// @param caPem whose servers are believed; absent means the system's authorities
  public record Syslog(
      HostPort address,
      Transport transport,
      int facility,
      int messageBytes,
      Optional<String> caPem) {
    /// The usual ports: of TLS, and of all else.
    public static final int TLS_PORT = 6514;

    public static final int USUAL_PORT = 514;

    /// "log audit" of RFC 5424.
    public static final int FACILITY = 13;

    public static final int FACILITY_MAX = 23;

    /// Least for `message_limit`, and most for each transport.
    public static final int MESSAGE_BYTES_MIN = 1 << 10;

    public static final int MESSAGE_BYTES_MAX = 1 << 20;

    public static final int DATAGRAM_BYTES_MAX = 65_000;

    public Syslog {
      Objects.requireNonNull(address, "address");
      Objects.requireNonNull(transport, "transport");
      Objects.requireNonNull(caPem, "caPem");
    }

    /// `transport`, and the usual `message_limit` of each.
    public enum Transport {
      /// Datagrams.
      UDP(8 << 10),
      /// Octet counting.
      TCP(64 << 10),
      /// The same in TLS.
      TLS(64 << 10);

      private final int messageBytes;

      Transport(int messageBytes) {
        this.messageBytes = messageBytes;
      }

      /// `message_limit` where nothing is said.
      public int messageBytes() {
        return messageBytes;
      }
    }
  }

  /// `s3:`, compressed objects.
  ///
  /// @param prefix empty or ending in a slash
  /// @param caPem whose servers are believed; absent means the system's authorities
  public record S3(
      String bucket,
      String prefix,
      String region,
      Optional<URI> endpoint,
      boolean pathStyle,
      long batchBytes,
      Duration every,
      Optional<String> caPem,
      Optional<WriterRole> role) {
    /// Least and most for `batch_size`.
    public static final long BATCH_BYTES_MIN = 64L << 10;

    public static final long BATCH_BYTES_MAX = 64L << 20;

    /// Where nothing is said.
    public static final long BATCH_BYTES = 8L << 20;

    public static final Duration EVERY = Duration.ofMinutes(1);

    /// Least and most for `every`.
    public static final Duration EVERY_MIN = Duration.ofSeconds(1);

    public static final Duration EVERY_MAX = Duration.ofHours(1);

    /// Signed for, where a store has no regions.
    public static final String NO_REGION = "us-east-1";

    public S3 {
      Objects.requireNonNull(bucket, "bucket");
      Objects.requireNonNull(endpoint, "endpoint");
      Objects.requireNonNull(every, "every");
      Objects.requireNonNull(caPem, "caPem");
      Objects.requireNonNull(role, "role");
    }

    /// The role that is taken to write.
    ///
    /// @param arn its name at AWS
    /// @param externalId what its trust policy wants to hear
    public record WriterRole(String arn, Optional<String> externalId) {
      public WriterRole {
        Objects.requireNonNull(arn, "arn");
        Objects.requireNonNull(externalId, "externalId");
      }
    }
  }
}
