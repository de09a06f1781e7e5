using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Purposes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "purposes",
                columns: table => new
                {
                    user_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    profile = table.Column<bool>(type: "boolean", nullable: false),
                    explain = table.Column<bool>(type: "boolean", nullable: false),
                    similar = table.Column<bool>(type: "boolean", nullable: false),
                    train = table.Column<bool>(type: "boolean", nullable: false),
                    set_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    latest = table.Column<bool>(type: "boolean", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_purposes", x => new { x.user_hash, x.version });
                });

            migrationBuilder.CreateIndex(
                name: "IX_purposes_sequence",
                table: "purposes",
                column: "sequence",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "purposes");
        }
    }
}
