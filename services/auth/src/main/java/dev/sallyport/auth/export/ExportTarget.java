package dev.sallyport.auth.export;

import dev.sallyport.aws.AwsSettings;
import dev.sallyport.aws.TakenRole;
import dev.sallyport.model.HostPort;
import dev.sallyport.pki.SystemTrust;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A place to which all records are copied.
public sealed interface ExportTarget {
  /// Under which name its progress is kept: always the same for a kind, so that a place that moved
  /// goes on where the old one ended.
  String name();

  /// Files of JSON lines.
  ///
  /// @param folder made when it is missing
  /// @param rotateBytes when a file is longer, the next begins
  /// @param rotateAfter when a file is older, the next begins
  /// @param keepFiles how many there are at most
  record Files(Path folder, long rotateBytes, Duration rotateAfter, int keepFiles)
      implements ExportTarget {
    @Override
    public String name() {
      return "file";
    }
  }

  /// JSON lines on a stream of this process.
  record Stdout(PrintStream out) implements ExportTarget {
    @Override
    public String name() {
      return "stdout";
    }
  }

  /// Messages of RFC 5424.
  ///
  /// @param facility 0 to 23
  /// @param messageBytes longer messages are replaced by a short form that says so
  /// @param host the sender's name in each message
  /// @param trust whose servers are believed, for TLS
  record Syslog(
      HostPort address,
      Transport transport,
      int facility,
      int messageBytes,
      String host,
      SystemTrust trust)
      implements ExportTarget {
    @Override
    public String name() {
      return "syslog";
    }

    /// How messages get there.
    public enum Transport {
      /// RFC 5426.
      UDP,
      /// RFC 6587, octet counting.
      TCP,
      /// RFC 5425.
      TLS
    }
  }

  /// Objects of compressed JSON lines in S3 or a store like it.
  ///
  /// @param prefix of each key; empty or ending in a slash
  /// @param endpoint absent: AWS's own of the region
  /// @param pathStyle whether the bucket stands in the path and not in the host's name
  /// @param batchBytes most bytes of one object before compression
  /// @param every how long a record waits for others
  /// @param trust whose servers are believed
  /// @param aws where the credentials come from
  /// @param role taken by these to write; absent: they write themselves
  record S3(
      String bucket,
      String prefix,
      String region,
      Optional<URI> endpoint,
      boolean pathStyle,
      long batchBytes,
      Duration every,
      SystemTrust trust,
      AwsSettings aws,
      Optional<TakenRole.Role> role)
      implements ExportTarget {
    @Override
    public String name() {
      return "s3";
    }

    /// Without the environment, which holds secrets.
    @Override
    public String toString() {
      return "S3[" + bucket + "/" + prefix + "]";
    }
  }
}
