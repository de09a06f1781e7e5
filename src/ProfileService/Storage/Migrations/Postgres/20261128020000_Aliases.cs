using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Aliases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alias_sequence",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    last = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alias_sequence", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "user_aliases",
                columns: table => new
                {
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    person_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    erased_before = table.Column<long>(type: "bigint", nullable: false),
                    merged_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    moved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_aliases", x => x.user_id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_user_aliases_moved_at",
                table: "user_aliases",
                column: "moved_at");

            migrationBuilder.CreateIndex(
                name: "IX_user_aliases_person_id",
                table: "user_aliases",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_user_aliases_sequence",
                table: "user_aliases",
                column: "sequence",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alias_sequence");

            migrationBuilder.DropTable(
                name: "user_aliases");
        }
    }
}
