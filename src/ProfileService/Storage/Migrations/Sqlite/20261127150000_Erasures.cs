using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Erasures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "erased_users",
                columns: table => new
                {
                    user_hash = table.Column<string>(type: "TEXT", nullable: false),
                    erased_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    erased_before = table.Column<long>(type: "INTEGER", nullable: false),
                    erasure = table.Column<long>(type: "INTEGER", nullable: false),
                    partition = table.Column<int>(type: "INTEGER", nullable: false),
                    partitions = table.Column<int>(type: "INTEGER", nullable: false),
                    revision_floor = table.Column<long>(type: "INTEGER", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erased_users", x => x.user_hash);
                });

            migrationBuilder.CreateTable(
                name: "erasures",
                columns: table => new
                {
                    receipt = table.Column<string>(type: "TEXT", nullable: false),
                    archived_events = table.Column<int>(type: "INTEGER", nullable: false),
                    attributes = table.Column<int>(type: "INTEGER", nullable: false),
                    cached_profiles = table.Column<int>(type: "INTEGER", nullable: false),
                    done_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    events = table.Column<int>(type: "INTEGER", nullable: false),
                    gone_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    processes = table.Column<int>(type: "INTEGER", nullable: false),
                    profiles = table.Column<int>(type: "INTEGER", nullable: false),
                    requested_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    users = table.Column<int>(type: "INTEGER", nullable: false),
                    vectors = table.Column<int>(type: "INTEGER", nullable: false),
                    waiting_for = table.Column<string>(type: "TEXT", nullable: true),
                    windows = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasures", x => x.receipt);
                });

            migrationBuilder.CreateTable(
                name: "erasure_watchers",
                columns: table => new
                {
                    process = table.Column<string>(type: "TEXT", nullable: false),
                    seen_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasure_watchers", x => x.process);
                });

            migrationBuilder.CreateTable(
                name: "ledger_key",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    check = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_key", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pending_erasures",
                columns: table => new
                {
                    receipt = table.Column<string>(type: "TEXT", nullable: false),
                    user_id = table.Column<string>(type: "TEXT", nullable: false),
                    attributes_erased = table.Column<bool>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: false),
                    requested_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pending_erasures", x => new { x.receipt, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "served_stamps",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_served_stamps", x => x.model);
                });

            migrationBuilder.CreateIndex(
                name: "IX_erased_users_sequence",
                table: "erased_users",
                column: "sequence");

            migrationBuilder.CreateIndex(
                name: "IX_erasures_done_at",
                table: "erasures",
                column: "done_at");

            // Redis may have profiles by models that were active before.
            migrationBuilder.Sql("INSERT INTO served_stamps (model) SELECT DISTINCT model || '@' || digest FROM profiles");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "erased_users");
            migrationBuilder.DropTable(name: "erasures");
            migrationBuilder.DropTable(name: "erasure_watchers");
            migrationBuilder.DropTable(name: "ledger_key");
            migrationBuilder.DropTable(name: "pending_erasures");
            migrationBuilder.DropTable(name: "served_stamps");
        }
    }
}
