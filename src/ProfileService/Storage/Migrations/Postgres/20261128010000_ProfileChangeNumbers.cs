using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ProfileChangeNumbers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "profile_changes");

            migrationBuilder.AddColumn<long>(
                name: "change",
                table: "profiles",
                type: "bigint",
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

            migrationBuilder.DropSequence(
                name: "profile_changes");
        }
    }
}
