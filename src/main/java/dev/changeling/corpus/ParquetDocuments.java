package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/** Documents of a .parquet file: a column of strings, read through DuckDB row group by row group. */
final class ParquetDocuments implements DocumentReader {
    private final String source;
    private final String field;
    private final int maximumLength;
    private final @Nullable Path spooled;
    private final Connection connection;
    private @Nullable Statement statement;
    private @Nullable ResultSet rows;
    private long row;

    private ParquetDocuments(String source, String field, int maximumLength, @Nullable Path spooled)
            throws SQLException {
        this.source = source;
        this.field = field;
        this.maximumLength = maximumLength;
        this.spooled = spooled;
        Properties settings = new Properties();
        settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        settings.setProperty("threads", "1");
        settings.setProperty("temp_directory", "");
        settings.setProperty("autoinstall_known_extensions", "false");
        this.connection = DriverManager.getConnection("jdbc:duckdb:", settings);
    }

    /** @throws InputException if the file is no Parquet file or lacks the column */
    static ParquetDocuments open(String source, Path file, String field, int maximumLength) throws IOException {
        return open(source, file, field, maximumLength, null);
    }

    /** Reads a stream by way of a temporary file, because Parquet begins to be read at its end. */
    static ParquetDocuments spool(String source, InputStream in, String field, int maximumLength) throws IOException {
        Path file = Files.createTempFile("changeling-", CorpusFormat.PARQUET.extension());
        try {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return open(source, file, field, maximumLength, file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static ParquetDocuments open(
            String source, Path file, String field, int maximumLength, @Nullable Path spooled) throws IOException {
        if (Files.size(file) == 0) {
            throw new InputException(source + ": empty; expected a Parquet file");
        }
        ParquetDocuments documents = null;
        try {
            documents = new ParquetDocuments(source, field, maximumLength, spooled);
            documents.query(file);
            return documents;
        } catch (SQLException | RuntimeException e) {
            if (documents != null) {
                documents.close();
            }
            throw e instanceof SQLException sql ? unreadable(source, sql) : (RuntimeException) e;
        }
    }

    private void query(Path file) throws SQLException {
        String table = "read_parquet('" + quoteGlob(file.toString()).replace("'", "''") + "', hive_partitioning=false)";
        Statement open = connection.createStatement();
        statement = open;
        List<String> names = new ArrayList<>();
        String type = null;
        try (ResultSet columns = open.executeQuery("DESCRIBE SELECT * FROM " + table)) {
            while (columns.next()) {
                names.add(columns.getString(1));
                if (field.equals(columns.getString(1))) {
                    type = columns.getString(2);
                }
            }
        }
        if (type == null) {
            throw new InputException(source + ": no column \"" + field + "\"; found " + String.join(", ", names));
        }
        if (!type.equals("VARCHAR")) {
            throw new InputException(source + ": column \"" + field + "\" is of type " + type + "; expected strings");
        }
        rows = open.executeQuery("SELECT \"" + field.replace("\"", "\"\"") + "\" FROM " + table);
    }

    /** Returns a path that DuckDB, which takes every path for a pattern, reads as itself. */
    private static String quoteGlob(String path) {
        return path.replaceAll("[*?\\[]", "[$0]");
    }

    @Override
    public @Nullable Document next() throws IOException {
        ResultSet results = rows;
        if (results == null) {
            return null;
        }
        try {
            if (!results.next()) {
                return null;
            }
            row++;
            String text = results.getString(1);
            if (text == null) {
                throw new InputException(
                        source + ", row " + row + ": column \"" + field + "\" is null; expected a string");
            }
            if (text.length() > maximumLength) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s, row %d: longer than %,d characters, the longest document allowed",
                        source,
                        row,
                        maximumLength));
            }
            return new Document(source, row, text);
        } catch (SQLException e) {
            throw unreadable(source + ", row " + (row + 1), e);
        }
    }

    private static InputException unreadable(String place, SQLException e) {
        String message = e.getMessage();
        String reason = message == null ? "" : message.lines().findFirst().orElse("");
        return new InputException(place + ": no Parquet file, or damaged: " + reason, e);
    }

    @Override
    public void close() throws IOException {
        try {
            if (rows != null) {
                rows.close();
            }
            if (statement != null) {
                statement.close();
            }
            connection.close();
        } catch (SQLException e) {
            throw new IOException(source + ": can't be closed", e);
        } finally {
            if (spooled != null) {
                Files.deleteIfExists(spooled);
            }
        }
    }
}
