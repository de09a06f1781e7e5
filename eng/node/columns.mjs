// Reads an export of profiles that is a file of columns, by readers that are not ours. Prints a line about the file, then one a row.
import { readFile } from "node:fs/promises";
import { tableFromIPC } from "apache-arrow";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";

const print = (line) => console.log(JSON.stringify(line, (_, value) => (typeof value === "bigint" ? String(value) : value)));
const bytes = (vector) => Buffer.from(Float32Array.from(vector).buffer).toString("base64");

function printRow(row, microseconds) {
    print({ userId: row.user_id, pseudonym: row.pseudonym, revision: row.revision, microseconds, vector: bytes(row.vector) });
}

async function parquet(file) {
    const { row_groups, key_value_metadata, schema } = await parquetMetadataAsync(file);
    const types = schema.map(({ name, type, logical_type: logical }) => {
        const time = logical?.type === "TIMESTAMP" ? [logical.unit, logical.isAdjustedToUTC ? "UTC" : "local"] : [];
        return [name, logical?.type ?? type ?? "", ...time].join(" ");
    });
    const metadata = Object.fromEntries(key_value_metadata.map(({ key, value }) => [key, value]));
    print({ types, metadata, groups: row_groups.map((group) => Number(group.num_rows)) });
    const parsers = { timestampFromMicroseconds: (value) => value };
    for (const row of await parquetReadObjects({ file, parsers })) printRow(row, row.computed_at);
}

function arrow(file) {
    const table = tableFromIPC(file);
    const stream = tableFromIPC(file.subarray(8)); // between mark and footer a file is a stream
    if (stream.numRows !== table.numRows || String(stream.schema) !== String(table.schema)) throw new Error("file and stream differ");
    const times = table.getChild("computed_at").data.flatMap((data) => [...data.values.subarray(0, data.length)]);
    const groups = table.batches.map((batch) => batch.numRows).filter((rows) => rows > 0);
    print({ types: table.schema.fields.map(String), metadata: Object.fromEntries(table.schema.metadata), groups });
    times.forEach((time, i) => printRow(table.get(i), time));
}

const file = await readFile(process.argv[2]);
if (process.argv[2].endsWith(".arrow")) arrow(file);
else await parquet(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
