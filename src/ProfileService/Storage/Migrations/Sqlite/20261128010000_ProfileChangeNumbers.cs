using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ProfileChangeNumbers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // One row: the highest number that was given. SQLite has no sequences.
            migrationBuilder.Sql("CREATE TABLE profile_changes (last INTEGER NOT NULL); INSERT INTO profile_changes VALUES (0)");

            migrationBuilder.AddColumn<long>(
                name: "change",
                table: "profiles",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "IX_profiles_change",
                table: "profiles",
                column: "change");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_profiles_change",
                table: "profiles");

            migrationBuilder.DropColumn(
                name: "change",
                table: "profiles");

            migrationBuilder.DropTable(
                name: "profile_changes");
        }
    }
}
