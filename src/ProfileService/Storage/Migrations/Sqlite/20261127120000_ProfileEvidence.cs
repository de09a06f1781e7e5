using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ProfileEvidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The numbers stay: they always said how much a profile is based on, never how sure it is.
            migrationBuilder.RenameColumn(name: "confidence", table: "profiles", newName: "evidence");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(name: "evidence", table: "profiles", newName: "confidence");
        }
    }
}
