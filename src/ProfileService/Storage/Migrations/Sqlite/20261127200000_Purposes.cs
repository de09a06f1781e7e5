using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Sqlite
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
                    user_hash = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    profile = table.Column<bool>(type: "INTEGER", nullable: false),
                    explain = table.Column<bool>(type: "INTEGER", nullable: false),
                    similar = table.Column<bool>(type: "INTEGER", nullable: false),
                    train = table.Column<bool>(type: "INTEGER", nullable: false),
                    set_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    latest = table.Column<bool>(type: "INTEGER", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false)
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
